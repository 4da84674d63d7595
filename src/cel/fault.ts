/** What stops an evaluation. Thrown, and light: without a stack. */

/** An error of CEL at run time, with the words of cel-go. `&&`, `||` and the macros built on them may absorb it. */
export class Fault {
  readonly message: string
  constructor(message: string) {
    this.message = message
  }
}

/** A value that cannot be known here; `false && unknown` is false all the same. */
export class Unknown {
  /** What is not known: `request.userInfo`. */
  readonly what: string
  constructor(what: string) {
    this.what = what
  }
}

/** The evaluation has cost more than it may. Nothing absorbs it. */
export class CostExceeded {
  readonly message = 'operation cancelled: actual cost limit exceeded'
}

export const noSuchOverload = (): Fault => new Fault('no such overload')
export const noSuchKey = (key: string): Fault => new Fault(`no such key: ${key}`)
export const overflow = (what: 'integer' | 'unsigned integer' | 'timestamp' | 'duration'): Fault =>
  new Fault(`${what} overflow`)
