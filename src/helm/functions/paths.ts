/** Go's path functions (path.Base, Dir, Clean, Ext, IsAbs); the `os…` twins are the same on Linux. */
import { type FunctionTable, fn } from '../template/call.ts'

const base = fn(['string'], (_, path) => basePath(path))
const dir = fn(['string'], (_, path) => cleanPath(path.slice(0, path.lastIndexOf('/') + 1)))
const clean = fn(['string'], (_, path) => cleanPath(path))
const ext = fn(['string'], (_, path) => extension(path))
const isAbs = fn(['string'], (_, path) => path.startsWith('/'))

export const pathFunctions: FunctionTable = {
  base,
  dir,
  clean,
  ext,
  isAbs,
  osBase: base,
  osDir: dir,
  osClean: clean,
  osExt: ext,
  osIsAbs: isAbs,
}

/** path.Base. */
export function basePath(path: string): string {
  if (path === '') return '.'
  const trimmed = trimSlashes(path)
  return trimmed === '' ? '/' : trimmed.slice(trimmed.lastIndexOf('/') + 1)
}

export function extension(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1)
  const dot = name.lastIndexOf('.')
  return dot < 0 ? '' : name.slice(dot)
}

/** path.Clean: no empty, `.` or inner `..` steps. */
export function cleanPath(path: string): string {
  const rooted = path.startsWith('/')
  const steps: string[] = []
  for (const step of path.split('/')) {
    if (step === '' || step === '.') continue
    if (step === '..' && steps.length > 0 && steps.at(-1) !== '..') steps.pop()
    else if (step !== '..' || !rooted) steps.push(step)
  }
  return (rooted ? '/' : '') + steps.join('/') || '.'
}

function trimSlashes(path: string): string {
  let end = path.length
  while (end > 0 && path[end - 1] === '/') end--
  return path.slice(0, end)
}
