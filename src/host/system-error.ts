/** What the system's error codes mean to a user; no full stop. */
export function formatSystemError(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException
  switch (code) {
    case 'ENOENT':
      return 'does not exist'
    case 'EACCES':
    case 'EPERM':
      return 'permission denied'
    case 'EISDIR':
      return 'a folder'
    case 'ENAMETOOLONG':
      return 'the name is too long'
    case 'ELOOP':
      return 'a loop of symbolic links'
    default:
      return message
  }
}
