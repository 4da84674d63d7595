/**
 * Where rendered text and values come from.
 *
 * The source map is not bolted on: it is the shape of values. Three things carry it.
 * - A slot (an entry of a dict, an item of a list) has an `Origin` beside its value; `merge`, `omit`, `deepCopy`, `with`,
 *   `range`, `default` and the like move the origin together with the value.
 * - A string that was put together from parts is a `Text` (text.ts): the string, and segments that say what made each part.
 *   A plain JavaScript string is a text of one part; its origin is that of the slot or literal it was read from.
 * - The evaluator hands the origin of the last result beside the result (`Evaluator.origin`), so scalars are never boxed.
 * A function that knows nothing of all this yields text whose origin is the action that called it and the first origin
 * among its arguments: precision degrades to "this action", never to nothing.
 *
 * Beside the place to point at stands everything that had a part in a result: other arguments, conditions, what was hashed.
 * It is kept as references (`DerivedOrigin`, `Guard`), so that a rendering pays little for it, and listed when asked for.
 */
import type { Source, Span } from '../../text/source.ts'
import type { Path } from '../../yaml/json.ts'
import type { Text } from './text.ts'
import type { Dict, List } from './value.ts'

/** One text that was parsed as a template: a file of the chart, or the argument of `tpl`. */
export interface TemplateSource {
  /** Helm's name: `CHART/templates/x.yaml`; `gotpl` for the argument of `tpl`. */
  readonly name: string
  readonly text: string
  /** The file; undefined for the argument of `tpl`. */
  readonly file: Source | undefined
  /** What made the argument of `tpl`: positions in `text` lead on through its segments. */
  readonly made: Text | undefined
}

/** A key of a values file, a `--set` argument, or any YAML text that became a value. */
export interface ValueOrigin {
  readonly kind: 'values'
  readonly source: Source
  readonly path: Path
  /** The key in the text; undefined for list items and roots. */
  readonly key: Span | undefined
  readonly value: Span
  /** Of what holds it; absent where that is written nowhere. */
  readonly above?: Origin | undefined
}

/** A literal in a template: `default "x"`, an entry of `dict`. */
export interface LiteralOrigin {
  readonly kind: 'literal'
  readonly template: TemplateSource
  readonly span: Span
}

/** One place: what findings point at. */
export type PlainOrigin = ValueOrigin | LiteralOrigin

/**
 * A result of several values: `main` is the one to point at, the others had a part in what it is; see derivation.ts. There
 * is one for nearly every call, so two parts stand in no list.
 */
export interface DerivedOrigin {
  readonly kind: 'derived'
  readonly main: PlainOrigin | undefined
  readonly part: Part
  readonly other: Part | undefined
}

/** All that decided about parts of a text that are there or not. */
export interface Decisions {
  readonly kind: 'decisions'
  readonly origins: readonly Origin[]
}

export type Origin = PlainOrigin | DerivedOrigin

/** What may have a part in a result. Containers and texts are asked for their own origins only when somebody wants to know. */
export type Part = Origin | Decisions | Guard | Piece | Text | List | Dict

/** A condition on the way to what runs: of `if`, `with` or `range`, of an `include` whose name is a value, of a sub-chart. */
export interface Guard {
  readonly kind: 'guard'
  readonly origin: Origin
  readonly parent: Guard | undefined
}

/** One `include`, `template` or `tpl` on the way to a piece of text; the outermost one is the file that was executed. */
export interface Frame {
  readonly parent: Frame | undefined
  /** Name of the template that runs in this frame. */
  readonly name: string
  /** Where it was called; undefined in the outermost frame. */
  readonly call: { readonly template: TemplateSource; readonly span: Span } | undefined
}

/** What made a run of text: a text node of a template, or an action. */
export interface Piece {
  readonly template: TemplateSource
  readonly span: Span
  readonly frame: Frame
  /** True for text nodes: characters correspond one to one. */
  readonly literal: boolean
  /** The value that was printed. */
  readonly value: PlainOrigin | undefined
  /** The other values that decided what was printed; undefined when there are none. */
  readonly derived: DerivedOrigin | undefined
  /** The conditions under which it was printed. */
  readonly guard: Guard | undefined
  /** Made by a random, time or cryptographic function: another run of helm prints something else. */
  readonly unstable: boolean
}
