/**
 * Where texts come from. Synchronous: reading thirteen thousand files one after the other costs a fifth of what
 * promises for them cost. Ids are paths with `/`, relative to the working directory where they are below it.
 */
export interface Host {
  /** Finds what there is to check below paths. A path that does not exist is a `UserError`. */
  list(paths: readonly string[]): Listing
  /** Never throws: what cannot be read is a problem. */
  read(id: string): Reading
  /** What a file of UTF-8 text holds, for those that few look into; undefined of other files, and where only texts are at hand. */
  readBytes?(id: string): Uint8Array | undefined
  exists(id: string): boolean
}

export interface Listing {
  /** Sorted by id, each once. */
  readonly files: readonly ListedFile[]
  /** Left out on purpose, and said so. */
  readonly skipped: readonly SkippedPath[]
  /** Could not be looked into. */
  readonly unreadable: readonly SkippedPath[]
}

export interface ListedFile {
  readonly id: string
  /** `chart`: below a folder with a Chart.yaml, whatever its name. `document`: YAML or JSON elsewhere. */
  readonly role: 'document' | 'chart'
  /** The path was given itself, not found in a folder. */
  readonly named: boolean
}

export interface SkippedPath {
  readonly path: string
  readonly reason: string
}

/** `text` is undefined when nothing of the file can be judged; with a problem it may still be usable. */
export interface Reading {
  readonly text: string | undefined
  /** What the file holds, where that is not the text in UTF-8. */
  readonly bytes?: Uint8Array
  readonly problem?: ReadProblem
}

export interface ReadProblem {
  /** What is wrong, without the file's name; no full stop. */
  readonly reason: string
  /** What stands before the fault, for its line and column; empty when the fault is not at a place. */
  readonly before: string
}

/** A larger file is no manifest: the API server takes 3 MiB, and etcd half of that. */
export const largestFile = 64 * 1024 * 1024
