/** Asks Git; the only process that plimsoll starts. */
import { execFileSync } from 'node:child_process'
import { UserError } from '../host/user-error.ts'

/** Files that differ from a revision, new ones included, relative to the working directory; deleted ones too. */
export function listChangedFiles(cwd: string, revision: string): string[] {
  const changed = git(cwd, ['diff', '--name-only', '--relative', '-z', '--end-of-options', revision, '--'])
  const added = git(cwd, ['ls-files', '--others', '--exclude-standard', '-z'])
  return [...changed.split('\0'), ...added.split('\0')].filter(it => it !== '')
}

function git(cwd: string, args: readonly string[]): string {
  try {
    return execFileSync('git', args, {
      cwd,
      encoding: 'utf8',
      maxBuffer: 2 ** 28,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
  } catch (error) {
    const { stderr, message } = error as { readonly stderr?: string; readonly message: string }
    const [line = ''] = (stderr || message).trim().split('\n')
    throw new UserError(`--since: ${line.replace(/^fatal: /, '')}`)
  }
}
