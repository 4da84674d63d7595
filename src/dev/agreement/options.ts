/** Arguments of the agreement commands: files, and options with a value. */

export interface Options {
  readonly files: readonly string[]
  /** How many disagreements of each measure to show. */
  readonly show: number
  /** A minor to judge by instead of the recorded one. */
  readonly kubernetes: string | undefined
  /** Percent of agreed verdicts below which the exit code is 1. */
  readonly failBelow: number
}

export function readOptions(args: readonly string[]): Options {
  const files: string[] = []
  const values = new Map<string, string>()
  for (let at = 0; at < args.length; at++) {
    const it = args[at]!
    if (!it.startsWith('--')) files.push(it)
    else if (it.includes('=')) values.set(it.slice(2, it.indexOf('=')), it.slice(it.indexOf('=') + 1))
    else values.set(it.slice(2), args[++at] ?? '')
  }
  return {
    files,
    show: Number(values.get('show') ?? 0),
    kubernetes: values.get('kubernetes'),
    failBelow: Number(values.get('fail-below') ?? 0),
  }
}
