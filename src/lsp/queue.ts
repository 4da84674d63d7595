/** One thing after the other: tasks of a project never overlap, and one that fails does not stop the next. */

export interface Queue {
  /** Runs the task after those before it. Rejects as the task does. */
  run<Result>(task: () => Promise<Result>): Promise<Result>
}

export function createQueue(): Queue {
  let last: Promise<unknown> = Promise.resolve()
  return {
    run(task) {
      const result = last.then(task, task)
      last = result.catch(() => undefined)
      return result
    },
  }
}

/** Lets messages that have arrived in the meantime, cancellations among them, be read before heavy work goes on. */
export const yieldToMessages = (): Promise<void> => new Promise(resolve => setImmediate(resolve))
