/** Gathers a burst of changes into one call: after a pause, and at the latest some time after the first of them. */

export interface Pulse {
  beat(): void
  stop(): void
}

export interface Rhythm {
  /** Milliseconds without a beat after which the call is made. */
  readonly pause: number
  /** Milliseconds after the first beat at which the call is made however many follow. */
  readonly longest: number
}

export function createPulse({ pause, longest }: Rhythm, call: () => void): Pulse {
  let timer: NodeJS.Timeout | undefined
  let first = 0
  const fire = (): void => {
    timer = undefined
    call()
  }
  return {
    beat() {
      const now = performance.now()
      if (timer === undefined) first = now
      clearTimeout(timer)
      timer = setTimeout(fire, Math.max(0, Math.min(pause, first + longest - now)))
    },
    stop() {
      clearTimeout(timer)
      timer = undefined
    },
  }
}
