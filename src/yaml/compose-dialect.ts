/** What the `yaml` package accepts as YAML 1.2 and kubectl's reader (go-yaml) refuses. */
import type { CST } from 'yaml'
import type { Problem } from './document.ts'

/** `base` is the offset in the text from which the tokens count. */
export function checkDialect(tokens: readonly CST.Token[], text: string, base: number): Problem[] {
  const problems: Problem[] = []
  const report = (message: string, start: number, end: number): void => {
    problems.push({ code: 'syntax', message, span: { start: base + start, end: base + end } })
  }
  for (const { token, inFlow, colon } of listScalars(tokens)) {
    const end = token.offset + token.source.length
    if (colon !== undefined && /[\r\n]/.test(text.slice(base + token.offset, base + colon)))
      report('A key and its colon stand on one line', token.offset, end)
    if (token.type === 'double-quoted-scalar') {
      for (const match of token.source.matchAll(REFUSED_ESCAPE)) {
        if (match[1] === undefined) continue
        const start = token.offset + match.index
        report(
          `kubectl refuses the escape ${match[0]}; write the character itself`,
          start,
          start + match[0].length,
        )
      }
    } else if (token.type === 'single-quoted-scalar') {
      if (!CLOSED.test(token.source)) report("This text has no closing `'`", token.offset, end)
    } else if (token.type === 'scalar' && inFlow && token.source.startsWith(':')) {
      report('An unquoted text inside brackets cannot begin with a colon; quote it', token.offset, end)
    } else if (token.type === 'scalar' && inFlow && token.source.includes('?')) {
      report('kubectl ends an unquoted text at `?` inside brackets; quote the text', token.offset, end)
    }
  }
  return problems
}

/** Every escape, so that an escaped backslash is none; the refused ones as a group. */
const REFUSED_ESCAPE = /\\(\/|u[dD][89a-fA-F][0-9a-fA-F]{2}|U0000[dD][89a-fA-F][0-9a-fA-F]{2})|\\[\s\S]/g

/** The package takes a doubled quote at the end for the closing one. */
const CLOSED = /^'(?:[^']|'')*'$/

interface Found {
  /** Offset of the colon behind the scalar, when it is a key inside brackets without `?`. */
  readonly colon: number | undefined
  readonly token: CST.FlowScalar
  readonly inFlow: boolean
}

function* listScalars(tokens: readonly CST.Token[]): Generator<Found> {
  const pending: { token: CST.Token; inFlow: boolean; colon: number | undefined }[] = []
  for (const token of tokens)
    if (token.type === 'document' && token.value)
      pending.push({ token: token.value, inFlow: false, colon: undefined })
  for (let it = pending.pop(); it; it = pending.pop()) {
    const { token, inFlow, colon } = it
    if (isFlowScalar(token)) yield { token, inFlow, colon }
    if (!('items' in token)) continue
    const flow = inFlow || token.type === 'flow-collection'
    for (const item of token.items as CST.CollectionItem[]) {
      const isSimple = flow && !item.start.some(part => part.type === 'explicit-key-ind')
      const mark = isSimple ? item.sep?.find(part => part.type === 'map-value-ind')?.offset : undefined
      if (item.key) pending.push({ token: item.key, inFlow: flow, colon: mark })
      if (item.value) pending.push({ token: item.value, inFlow: flow, colon: undefined })
    }
  }
}

const isFlowScalar = (token: CST.Token): token is CST.FlowScalar =>
  token.type === 'scalar' || token.type === 'double-quoted-scalar' || token.type === 'single-quoted-scalar'
