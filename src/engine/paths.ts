/** File ids as paths with `/`, relative to the project; nothing here knows a disk. */

/** `""` for a file at the root. */
export const folderOf = (id: string): string => id.slice(0, Math.max(0, id.lastIndexOf('/')))

/** Resolves `.` and `..`; steps above the root stay as `..`. */
export function joinPath(folder: string, path: string): string {
  const steps = path.startsWith('/') ? [] : folder.split('/').filter(it => it !== '')
  for (const step of path.split('/')) {
    if (step === '' || step === '.') continue
    if (step === '..' && steps.length > 0 && steps.at(-1) !== '..') steps.pop()
    else steps.push(step)
  }
  return (path.startsWith('/') ? '/' : '') + steps.join('/')
}
