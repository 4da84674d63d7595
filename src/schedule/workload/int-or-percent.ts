/** Numbers that may be percentages of a total. */

/** `GetScaledValueFromIntOrPercent`, rounding up. */
export function scaleUp(value: unknown, total: number): number {
  return scaleBy(value, total, Math.ceil)
}

export function scaleDown(value: unknown, total: number): number {
  return scaleBy(value, total, Math.floor)
}

function scaleBy(value: unknown, total: number, round: (it: number) => number): number {
  if (typeof value === 'number') return value
  const percent = typeof value === 'string' ? /^(\d{1,6})%$/.exec(value)?.[1] : undefined
  return percent === undefined ? 0 : round((Number(percent) * total) / 100)
}
