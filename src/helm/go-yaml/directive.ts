/** Lines that begin with `%`, as go-yaml v2 (libyaml; MIT and Apache-2.0) scans them. */

export type Directive =
  | { readonly kind: 'version-directive'; readonly version: string }
  | { readonly kind: 'tag-directive'; readonly handle: string; readonly prefix: string }
  | { readonly kind: 'problem'; readonly problem: string }

/** Takes the line without its break. */
export function readDirective(line: string): Directive {
  const [head, name] = /^%([\w-]*)/.exec(line)!
  const rest = line.slice(head.length)
  if (name === '') return broken('could not find expected directive name')
  if (/^[^ \t]/.test(rest)) return broken('found unexpected non-alphabetical character')
  if (name === 'YAML') return readVersion(rest.replace(BLANKS, ''))
  if (name === 'TAG') return readTag(rest.replace(BLANKS, ''))
  return broken('found unknown directive name')
}

const BLANKS = /^[ \t]+/
const broken = (problem: string): Directive => ({ kind: 'problem', problem })

function readVersion(text: string): Directive {
  const [head, major, dot, minor] = /^([0-9]*)(\.?)([0-9]*)/.exec(text) as unknown as string[]
  const problem =
    findNumberProblem(major!) ??
    (dot === '' ? "did not find expected digit or '.' character" : findNumberProblem(minor!))
  if (problem !== undefined) return broken(problem)
  return endOf(text.slice(head!.length)) ?? { kind: 'version-directive', version: `${+major!}.${+minor!}` }
}

function findNumberProblem(digits: string): string | undefined {
  if (digits.length > 2) return 'found extremely long version number'
  return digits === '' ? 'did not find expected version number' : undefined
}

function readTag(text: string): Directive {
  const [handle, name] = /^!([\w-]*)!?/.exec(text) ?? []
  if (handle === undefined || (name !== '' && !handle.endsWith('!')))
    return broken("did not find expected '!'")
  const behind = text.slice(handle.length)
  if (!BLANKS.test(behind)) return broken('did not find expected whitespace')
  const address = behind.replace(BLANKS, '')
  const [prefix] = /^[\w;/?:@&=+$,.!~*'()[\]%-]*/.exec(address)!
  if (/%(?![0-9a-fA-F]{2})/.test(prefix)) return broken('did not find URI escaped octet')
  if (prefix === '') return broken('did not find expected tag URI')
  const rest = address.slice(prefix.length)
  if (/^[^ \t]/.test(rest)) return broken('did not find expected whitespace or line break')
  return endOf(rest) ?? { kind: 'tag-directive', handle, prefix }
}

/** What is wrong with the end of the line. */
const endOf = (rest: string): Directive | undefined =>
  /^[ \t]*(?:#.*)?$/.test(rest) ? undefined : broken('did not find expected comment or line break')
