/** Runs command lines in this process, over folders of their own. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { MessageChannel } from 'node:worker_threads'
import { rules } from '../../rules/index.ts'
import type { Io } from '../../src/cli/io.ts'
import { servePart } from '../../src/cli/parts/serve-part.ts'
import { runCli } from '../../src/cli/run-cli.ts'
import type { Rule } from '../../src/rule.ts'
import { type Tree, writeTree } from '../host/folder.ts'

export interface Ended {
  readonly code: number
  readonly out: string
  readonly err: string
  /** Text of a file of the folder, after the run. */
  readonly read: (name: string) => string
  readonly folder: string
}

export interface World {
  readonly stdin?: string
  readonly env?: Readonly<Record<string, string>>
  readonly isTerminal?: Partial<Io['isTerminal']>
  readonly rules?: readonly Rule[]
  /** Milliseconds that pass between two looks at the clock. */
  readonly slowness?: number
  /** The number that is told of; `--threads` may ask for more. Parts run in this thread, and tell only what can be cloned. */
  readonly cores?: number
  readonly onThread?: () => void
}

/** `line` is split at blanks. */
export async function run(tree: Tree | string, line: string, world: World = {}): Promise<Ended> {
  const folder = typeof tree === 'string' ? tree : writeTree(tree)
  let out = ''
  let err = ''
  let now = 0
  const io: Io = {
    cwd: folder,
    env: world.env ?? {},
    isTerminal: { out: false, err: false, ...world.isTerminal },
    out: text => {
      out += typeof text === 'string' ? text : Buffer.from(text).toString('utf8')
    },
    err: text => {
      err += text
    },
    readInput: () => ({ text: world.stdin ?? '' }),
    elapsed: () => {
      now += world.slowness ?? 0
      return now
    },
    now: () => 1_795_219_200,
    today: () => '2026-11-21',
    cores: () => world.cores ?? 1,
    startThread(request) {
      world.onThread?.()
      const { port1, port2 } = new MessageChannel()
      servePart(port2, structuredClone(request), { io, rules: world.rules ?? rules })
      return port1
    },
  }
  const argv = line.split(' ').filter(it => it !== '')
  const code = await runCli(argv, io, world.rules ?? rules)
  return { code, out, err, folder, read: name => readFileSync(join(folder, name), 'utf8') }
}

/** Refused by every API server: a replica count that is a text. */
export const broken = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: two
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      containers:
        - { name: web, image: "example/web:1.2.3" }
`

export const clean = `apiVersion: v1
kind: ConfigMap
metadata: { name: settings }
data: { level: info }
`

/** With a safe fix: the quotes that make a text of it. */
export const fixable = `apiVersion: v1
kind: ConfigMap
metadata: { name: settings }
data:
  cache: yes # for a minute
`
