/** Whether to colour: flags, then NO_COLOR and FORCE_COLOR, then whether a terminal reads. */
import type { Io } from './io.ts'

export function useColor(
  flag: boolean | undefined,
  { env, isTerminal }: Pick<Io, 'env' | 'isTerminal'>,
): boolean {
  if (flag !== undefined) return flag
  if (env.NO_COLOR) return false
  if (env.FORCE_COLOR) return env.FORCE_COLOR !== '0'
  return isTerminal.out && env.TERM !== 'dumb'
}
