/** Paths with `/`, as text: file ids and what people write in settings. Nothing here knows a disk. */

/** `""` for a file at the root. */
export const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')))

export const isAbsolutePath = (path: string): boolean => /^(?:\/|[A-Za-z]:\/)/.test(path)

/** Resolves `.` and `..`; steps above the start of a relative path stay as `..`. */
export function joinPath(folder: string, path: string): string {
  const whole = isAbsolutePath(path) ? path : `${folder}/${path}`
  const steps: string[] = []
  for (const step of whole.split('/')) {
    if (step === '' || step === '.') continue
    if (step === '..' && steps.length > 0 && steps.at(-1) !== '..') steps.pop()
    else steps.push(step)
  }
  return (whole.startsWith('/') && (folder !== '' || isAbsolutePath(path)) ? '/' : '') + steps.join('/')
}

/** The path seen from a folder above it; undefined when the folder is not above it. */
export function pathBelow(folder: string, path: string): string | undefined {
  if (folder === '') return path
  if (folder === path) return ''
  const prefix = folder.endsWith('/') ? folder : `${folder}/`
  return path.startsWith(prefix) ? path.slice(prefix.length) : undefined
}
