/** The request is wrong: a flag, a path, a setting. Shown as one line, without a stack; the run ends with exit code 2. */
export class UserError extends Error {
  override readonly name = 'UserError'
  /** What to do about it. */
  readonly hint: string | undefined

  constructor(message: string, hint?: string) {
    super(message)
    this.hint = hint
  }
}
