/** Gives a test run a temporary folder of its own and removes it, with all that tests and their processes left there. */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const folder = mkdtempSync(join(tmpdir(), 'plimsoll-'))

export function setup(): void {
  // Some tests start processes of another user.
  chmodSync(folder, 0o755)
  // The names that Unix and Windows know it by; workers inherit them.
  for (const name of ['TMPDIR', 'TMP', 'TEMP']) process.env[name] = folder
}

export const teardown = (): void => rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
