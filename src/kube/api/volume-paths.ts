/** Paths inside volumes and modes of files in them. */
import { type Check, child, type Field, invalid } from './field.ts'
import { requireText } from './field-checks.ts'
import { type Obj, toNumber } from './object.ts'

const FILE_MODE_FAULT = 'must be a number between 0 and 0777 (octal), both inclusive'

/** `validatePathNoBacksteps`. */
export function checkNoBacksteps(check: Check, path: string, field: Field): void {
  if (hasBacksteps(path)) invalid(check, field, path, "must not contain '..'")
}

export const hasBacksteps = (path: string): boolean => path.includes('..') && path.split('/').includes('..')

/** `validateLocalDescendingPath`. */
export function checkDescendingPath(check: Check, path: string, field: Field): void {
  if (path.startsWith('/')) invalid(check, field, path, 'must be a relative path')
  checkNoBacksteps(check, path, field)
}

/** `ValidateLocalNonReservedPath`. */
export function checkNonReservedPath(check: Check, path: string, field: Field): void {
  checkDescendingPath(check, path, field)
  if (path.startsWith('..') && !path.startsWith('../'))
    invalid(check, field, path, "must not start with '..'")
}

/** Permission bits: 0 to 0777. */
export function checkFileMode(check: Check, of: Obj, field: Field, name: string): void {
  const mode = toNumber(of, name)
  if (mode !== undefined && (mode > 0o777 || mode < 0))
    invalid(check, child(field, name), mode, FILE_MODE_FAULT)
}

/** `validateKeyToPath`. */
export function checkKeyToPath(check: Check, item: Obj, field: Field): void {
  requireText(check, item, field, 'key')
  checkNonReservedPath(check, requireText(check, item, field, 'path'), child(field, 'path'))
  checkFileMode(check, item, field, 'mode')
}
