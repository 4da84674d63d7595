/** Keywords that Ajv's own would judge otherwise: those that compare, as values have no prototype, and exact division. */
import type { Ajv, ErrorObject, FuncKeywordDefinition } from 'ajv'
import type { Json } from '../yaml/json.ts'

/** Replaces those that the draft has. */
export function replaceKeywords(ajv: Ajv): void {
  for (const definition of DEFINITIONS) {
    const keyword = definition.keyword as string
    if (!ajv.getKeyword(keyword)) continue
    ajv.removeKeyword(keyword)
    ajv.addKeyword(definition)
  }
}

const DEFINITIONS: readonly FuncKeywordDefinition[] = [
  {
    keyword: 'const',
    compile: (allowedValue: Json) => {
      const wanted = textOf(allowedValue)
      return failing('const', data =>
        textOf(data) === wanted
          ? undefined
          : { params: { allowedValue }, message: 'must be equal to constant' },
      )
    },
  },
  {
    keyword: 'enum',
    schemaType: 'array',
    compile: (allowedValues: readonly Json[]) => {
      const wanted = new Set(allowedValues.map(textOf))
      const message = 'must be equal to one of the allowed values'
      return failing('enum', data =>
        wanted.has(textOf(data)) ? undefined : { params: { allowedValues }, message },
      )
    },
  },
  {
    keyword: 'uniqueItems',
    type: 'array',
    schemaType: 'boolean',
    compile: (isWanted: boolean) =>
      failing('uniqueItems', data => (isWanted ? findTwins(data as readonly Json[]) : undefined)),
  },
  {
    keyword: 'multipleOf',
    type: 'number',
    schemaType: 'number',
    compile: (multipleOf: number) =>
      failing('multipleOf', data =>
        isMultiple(data as number, multipleOf)
          ? undefined
          : { params: { multipleOf }, message: `must be multiple of ${multipleOf}` },
      ),
  },
]

type ValidateKeyword = ReturnType<NonNullable<FuncKeywordDefinition['compile']>>
type Failure = Pick<ErrorObject, 'params' | 'message'>

function failing(keyword: string, check: (data: Json) => Failure | undefined): ValidateKeyword {
  const validate: ValidateKeyword = (data: Json): boolean => {
    const failure = check(data)
    validate.errors = failure ? [{ keyword, ...failure }] : []
    return failure === undefined
  }
  return validate
}

/** The first item that stands in the list before. */
function findTwins(items: readonly Json[]): Failure | undefined {
  const known = new Map<string, number>()
  for (const [i, item] of items.entries()) {
    const text = textOf(item)
    const j = known.get(text)
    if (j !== undefined)
      return {
        params: { i, j },
        message: `must NOT have duplicate items (items ## ${j} and ${i} are identical)`,
      }
    known.set(text, i)
  }
  return undefined
}

/** Equal for equal values only: keys of maps are sorted. */
function textOf(value: Json): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map(textOf).join()}]`
  const map = value as Readonly<Record<string, Json>>
  const entries = Object.keys(map).sort()
  return `{${entries.map(key => `${JSON.stringify(key)}:${textOf(map[key]!)}`).join()}}`
}

/** Of the decimal fractions that people write. */
function isMultiple(value: number, divisor: number): boolean {
  const [left, right] = [decimalOf(value), decimalOf(divisor)]
  const shift = Math.min(left.exponent, right.exponent)
  const scaled = ({ digits, exponent }: Decimal): bigint => digits * 10n ** BigInt(exponent - shift)
  return right.digits !== 0n && scaled(left) % scaled(right) === 0n
}

interface Decimal {
  readonly digits: bigint
  readonly exponent: number
}

function decimalOf(value: number): Decimal {
  const [mantissa = '', exponent = '0'] = String(value).split('e')
  const [whole = '', fraction = ''] = mantissa.split('.')
  return { digits: BigInt(whole + fraction), exponent: Number(exponent) - fraction.length }
}
