/** Kubernetes quantities (`100Mi`, `0.5`), exact. */
import { Fault } from '../fault.ts'
import { global, method, type Overload } from '../functions.ts'
import { BOOL, DOUBLE, INT, opaque, STRING, type Type } from '../types.ts'
import { Double, Opaque, toInt, type Value } from '../values.ts'

export const QUANTITY: Type = opaque('kubernetes.Quantity')

/** What is smaller is rounded up, as Kubernetes does. */
const NANO = 1_000_000_000n

class Quantity extends Opaque {
  readonly type = QUANTITY
  readonly nanos: bigint
  constructor(nanos: bigint) {
    super()
    this.nanos = nanos
  }
  override equals(other: Opaque): boolean {
    return other instanceof Quantity && other.nanos === this.nanos
  }
}

const DECIMAL: ReadonlyMap<string, number> = new Map([
  ['n', -9],
  ['u', -6],
  ['m', -3],
  ['', 0],
  ['k', 3],
  ['M', 6],
  ['G', 9],
  ['T', 12],
  ['P', 15],
  ['E', 18],
])
const BINARY = ['Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei']
const SYNTAX = /^([+-]?)(?:(\d+)(?:\.(\d*))?|\.(\d+))(?:([numkMGTPE]?)|([KMGTPE]i)|[eE]([+-]?\d+))$/

/** Exponents beyond this are far beyond what Kubernetes holds, and must not make huge numbers here. */
const MAX_EXPONENT = 100

/** `resource.ParseQuantity`; undefined for texts that are none. */
function parseQuantity(text: string): Quantity | undefined {
  const match = SYNTAX.exec(text)
  if (!match || text.length > 1000) return undefined
  const [, sign, whole = '', fraction = match[4] ?? '', , decimal, binary, exponent] = match
  const digits = BigInt(`${whole}${fraction}` || '0')
  const power =
    (exponent === undefined ? DECIMAL.get(decimal ?? '')! : Number(exponent)) + 9 - fraction.length
  if (Math.abs(power) > MAX_EXPONENT + 1000) return undefined
  const factor = binary === undefined ? 1n : 1024n ** BigInt(BINARY.indexOf(binary) + 1)
  const scaled =
    power >= 0 ? digits * factor * 10n ** BigInt(power) : roundUp(digits * factor, 10n ** BigInt(-power))
  return new Quantity(sign === '-' ? -scaled : scaled)
}

const roundUp = (value: bigint, by: bigint): bigint => (value + by - 1n) / by

function quantityOf(text: string): Quantity {
  const quantity = parseQuantity(text)
  if (!quantity)
    throw new Fault(
      "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
    )
  return quantity
}

const sign = (value: bigint): number => (value > 0n ? 1 : value < 0n ? -1 : 0)

/** Undefined when it is no integer of 64 bits. */
const integerOf = ({ nanos }: Quantity): number | bigint | undefined =>
  nanos % NANO === 0n ? toInt(nanos / NANO) : undefined

function asInteger(quantity: Quantity): Value {
  const integer = integerOf(quantity)
  if (integer === undefined) throw new Fault('cannot convert value to integer')
  return integer
}

const nanosOf = (value: Quantity | number | bigint): bigint =>
  value instanceof Quantity ? value.nanos : BigInt(value) * NANO

type Operand = Quantity | number | bigint

export const quantities: readonly Overload[] = [
  global('quantity', [STRING], QUANTITY, quantityOf),
  global('isQuantity', [STRING], BOOL, (text: string) => parseQuantity(text) !== undefined),
  global('sign', [QUANTITY], INT, ({ nanos }: Quantity) => sign(nanos)),
  method('sign', [QUANTITY], INT, ({ nanos }: Quantity) => sign(nanos)),
  method('isGreaterThan', [QUANTITY, QUANTITY], BOOL, (a: Quantity, b: Quantity) => a.nanos > b.nanos),
  method('isLessThan', [QUANTITY, QUANTITY], BOOL, (a: Quantity, b: Quantity) => a.nanos < b.nanos),
  method('compareTo', [QUANTITY, QUANTITY], INT, (a: Quantity, b: Quantity) => sign(a.nanos - b.nanos)),
  method('asApproximateFloat', [QUANTITY], DOUBLE, ({ nanos }: Quantity) => new Double(Number(nanos) / 1e9)),
  method('asInteger', [QUANTITY], INT, asInteger),
  method('isInteger', [QUANTITY], BOOL, (it: Quantity) => integerOf(it) !== undefined),
  ...[QUANTITY, INT].flatMap(other => [
    method(
      'add',
      [QUANTITY, other],
      QUANTITY,
      (a: Quantity, b: Operand) => new Quantity(a.nanos + nanosOf(b)),
    ),
    method(
      'sub',
      [QUANTITY, other],
      QUANTITY,
      (a: Quantity, b: Operand) => new Quantity(a.nanos - nanosOf(b)),
    ),
  ]),
]
