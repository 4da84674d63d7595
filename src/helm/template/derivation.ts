/** What has a part in a result: put together while templates run, listed only when somebody asks. */
import type {
  Decisions,
  DerivedOrigin,
  Guard,
  Origin,
  Part,
  Piece,
  PlainOrigin,
  TemplateSource,
  ValueOrigin,
} from './origin.ts'
import type { Segment, Text } from './text.ts'
import { isDict, isList, isText, type Value } from './value.ts'

/** The place to point at. */
export const mainOrigin = (origin: Origin | undefined): PlainOrigin | undefined =>
  origin?.kind === 'derived' ? origin.main : origin

/** `origin`, and one part more. Literals of templates never change, so they are no parts. */
export function derive(origin: Origin | undefined, part: Part | undefined): Origin | undefined {
  if (part === undefined || part === origin || isLiteral(part)) return origin
  if (origin?.kind === 'derived') return { kind: 'derived', main: origin.main, part, other: origin }
  return { kind: 'derived', main: origin, part, other: undefined }
}

export const isLiteral = (part: Part): boolean => 'kind' in part && part.kind === 'literal'

/** The origin of a value that is looked into: a text or a container has parts of its own. */
export const deriveFrom = (origin: Origin | undefined, value: Value): Origin | undefined =>
  isText(value) || isDict(value) || isList(value) ? derive(origin, value) : origin

/** The origin of what a piece printed, with all that decided about it. */
export function originOfPiece(piece: Piece): Origin {
  const main = piece.value ?? { kind: 'literal', template: piece.template, span: piece.span }
  const { derived, guard, template } = piece
  return derived || guard || template.made ? { kind: 'derived', main, part: piece, other: undefined } : main
}

/** The text, every part of which also depends on `origin`. */
export function dependOn(text: Text, origin: Origin | undefined): Text {
  if (origin === undefined || isLiteral(origin)) return text
  const known = text.segments.length > 1 ? new Map<Piece, Piece>() : undefined
  const segments = text.segments.map(({ at, pad, offset, piece: before }): Segment => {
    let piece = known?.get(before)
    if (!piece) {
      piece = { ...before, derived: derive(before.derived, origin) as DerivedOrigin }
      known?.set(before, piece)
    }
    return { at, pad, offset, piece }
  })
  return { ...text, segments, decided: derive(text.decided, origin) as DerivedOrigin }
}

/** The text, printed under a condition that its parts may not know of: it was made elsewhere. */
export function dependUnder(text: Text, guard: Guard | undefined): Text {
  if (guard === undefined) return text
  const { segments } = text
  let covered: Guard | undefined
  let moved: Map<Piece, Piece> | undefined
  let changed: Segment[] | undefined
  for (let i = 0; i < segments.length; i++) {
    const it = segments[i]!
    const { piece } = it
    if (piece.guard !== undefined && (piece.guard === covered || isBelow(piece.guard, guard))) {
      covered = piece.guard
      changed?.push(it)
      continue
    }
    changed ??= segments.slice(0, i)
    moved ??= new Map()
    let known = moved.get(piece)
    if (!known) {
      known = { ...piece, derived: derive(piece.derived, guard) as DerivedOrigin }
      moved.set(piece, known)
    }
    changed.push({ at: it.at, pad: it.pad, offset: it.offset, piece: known })
  }
  return changed ? { ...text, segments: changed } : text
}

function isBelow(guard: Guard, outer: Guard): boolean {
  for (let it: Guard | undefined = guard; it; it = it.parent) if (it === outer) return true
  return false
}

export interface Dependencies {
  /** Keys of values files and arguments of the command line. */
  readonly values: ReadonlySet<ValueOrigin>
  /** Chance or the clock had a part in it. */
  readonly unstable: boolean
}

/** Everything that had a part in some pieces or results, followed through conditions, variables and checksums. */
export function listDependencies(parts: Iterable<Part>): Dependencies {
  const values = new Set<ValueOrigin>()
  const seen = new Set<Part>()
  const open: Part[] = [...parts]
  let unstable = false
  const add = (part: Part | undefined): void => {
    if (part !== undefined && !seen.has(part)) {
      seen.add(part)
      open.push(part)
    }
  }
  for (let part = open.pop(); part !== undefined; part = open.pop()) {
    if ('frame' in part) {
      if (part.unstable) unstable = true
      for (const it of partsOfPiece(part)) add(it)
    } else if ('kind' in part) {
      if (part.kind === 'values') values.add(part)
      else if (part.kind !== 'literal') for (const it of partsOfOrigin(part)) add(it)
    } else for (const it of partsOfValue(part)) add(it)
  }
  return { values, unstable }
}

function* partsOfPiece({ value, derived, guard, template }: Piece): Generator<Part | undefined> {
  yield value
  yield derived
  yield guard
  yield madeFrom(template)
}

/** Text that `tpl` evaluates is itself somebody's work. */
const madeFrom = ({ made }: TemplateSource): Text | undefined => made

function partsOfOrigin(origin: DerivedOrigin | Decisions | Guard): readonly (Part | undefined)[] {
  if (origin.kind === 'guard') return [origin.origin, origin.parent]
  return origin.kind === 'decisions' ? origin.origins : [origin.main, origin.part, origin.other]
}

function* partsOfValue(part: Exclude<Part, Origin | Decisions | Guard | Piece>): Generator<Part | undefined> {
  if (part.tag === 'text') {
    for (const it of part.segments) yield it.piece
    yield part.decided
    return
  }
  for (const it of part.origins?.values() ?? []) yield it
  for (const it of part.tag === 'dict' ? part.entries.values() : part.items)
    if (isText(it) || isDict(it) || isList(it)) yield it
}
