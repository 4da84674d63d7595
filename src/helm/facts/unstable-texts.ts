/** Fields that are made by chance or from the clock: every upgrade makes them anew. */
import type { Span } from '../../text/source.ts'
import { atNode, atRoot } from '../../yaml/cursor.ts'
import type { Path } from '../../yaml/json.ts'
import { placeInTemplate } from '../problems.ts'
import type { RenderedDocument } from '../rendered.ts'
import type { Frame, Piece } from '../template/origin.ts'
import type { ChartFact, ChartParts } from './chart-parts.ts'
import { eachScalar, eachSegment } from './rendered-scalars.ts'
import { listTellingPieces } from './telling-pieces.ts'

export interface UnstableText extends ChartFact {
  readonly kind: string
  readonly path: Path
  /** The function, when the action names it. */
  readonly made: string | undefined
}

export function listUnstableTexts({ sets }: ChartParts): UnstableText[] {
  const found: UnstableText[] = []
  for (const { values, documents } of sets)
    for (const document of documents) {
      if (!listTellingPieces(document).hasUnstable || isHook(document)) continue
      for (const it of listIn(document)) found.push({ ...it, values: [values] })
    }
  return found
}

const isHook = ({ manifest }: RenderedDocument): boolean => manifest.hooks !== undefined

function listIn(document: RenderedDocument): UnstableText[] {
  const found: UnstableText[] = []
  const root = atRoot(document)
  for (const scalar of eachScalar(document))
    for (const { segment } of eachSegment(scalar, scalar.start, scalar.end)) {
      const { piece } = segment
      if (!piece.unstable || piece.value?.kind === 'values' || keepsWhatIsThere(piece)) continue
      const path = atNode(root, scalar.node)?.path ?? []
      const action = actionAround(piece)
      const location = placeInTemplate(piece.template, action)
      // Names and annotations that change are how charts make new objects and restart pods.
      if (!location || path.includes('metadata')) continue
      found.push({ location, kind: document.manifest.kind, path, made: findFunction(piece, action) })
      break
    }
  return found
}

const FUNCTION = /\b(?:rand\w+|uuidv4|gen\w+|shuffle|now|htpasswd|bcrypt|derivePassword|encryptAES)\b/

function findFunction({ template }: Piece, action: Span): string | undefined {
  const [name] = FUNCTION.exec(template.text.slice(action.start, action.end)) ?? []
  return name
}

/** From brace to brace: a piece may be the work of the last function alone. */
function actionAround({ template: { text }, span }: Piece): Span {
  const start = text.lastIndexOf('{{', span.start + 1)
  const end = text.indexOf('}}', span.end - 2)
  return start < 0 || end < 0 ? span : { start, end: end + 2 }
}

/** A template that looks at the cluster, or makes the field with the first installation alone. */
function keepsWhatIsThere({ template, frame }: Piece): boolean {
  if (KEEPS.test(template.text)) return true
  for (let it: Frame | undefined = frame; it; it = it.parent)
    if (it.call && KEEPS.test(it.call.template.text)) return true
  return false
}

const KEEPS = /\blookup\b|\.Release\.Is(?:Install|Upgrade)\b/
