/** What the end of a run tells its caller; the same for every format. */
export const exitCodes = {
  clean: 0,
  /** Something as grave as `--fail-on` says. */
  findings: 1,
  /** The request is wrong: a flag, a path, the configuration, input that cannot be read, nothing to check. */
  request: 2,
  /** A bug in plimsoll. */
  bug: 3,
} as const

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]
