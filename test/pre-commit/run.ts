/**
 * The hooks in a real pre-commit: `tsx test/pre-commit/run.ts`. Needs Python with venv, git, npm, and the package
 * registries of Python and Node; takes a minute. The last commit of this repository is what gets installed.
 */
import { equal, match, notEqual } from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'

const scratch = mkdtempSync(join(tmpdir(), 'plimsoll-pre-commit-'))
const project = join(scratch, 'project')
const tools = join(scratch, 'venv/bin')
/** As in a user's shell: what npm sets for its scripts would lead the npm of the hook to this folder. */
const inherited = Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name))
const path = process.env.PATH!.split(delimiter).filter(it => !it.includes('node_modules'))
const env = {
  ...Object.fromEntries(inherited),
  PATH: [tools, ...path].join(delimiter),
  PRE_COMMIT_HOME: join(scratch, 'cache'),
  GIT_CONFIG_GLOBAL: join(scratch, 'gitconfig'),
}

interface Outcome {
  readonly status: number | null
  readonly output: string
}

function attempt(cwd: string, command: string, ...args: readonly string[]): Outcome {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, env, encoding: 'utf8' })
  return { status, output: `${stdout}${stderr}` }
}

function run(cwd: string, command: string, ...args: readonly string[]): string {
  const { status, output } = attempt(cwd, command, ...args)
  equal(status, 0, `${command} ${args.join(' ')}\n${output}`)
  return output
}

const write = (file: string, text: string): void => writeFileSync(join(project, file), text)
const commit = (...files: readonly string[]): Outcome => {
  run(project, 'git', 'add', '--', ...files)
  return attempt(project, 'git', 'commit', '-m', 'Change manifests')
}

const service = (targetPort: string): string => `apiVersion: v1
kind: Service
metadata:
  name: web
  namespace: shop
spec:
  selector:
    app: web
  ports:
    - port: 80
      targetPort: ${targetPort}
`
const deployment = (port: string): string => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: shop
spec:
  selector:
    matchLabels:
      app: web
  template:
    metadata:
      labels:
        app: web
    spec:
      containers:
        - name: web
          image: registry.example.com/web:1.4.0
          ports:
            - name: ${port}
              containerPort: 8080
`
/** Hooks of the manual stage run when they are called by name. */
const config = (revision: string): string => `repos:
  - repo: ${join(scratch, 'plimsoll')}
    rev: ${revision}
    hooks:
      - id: plimsoll
      - { id: plimsoll-all, stages: [manual] }
      - { id: plimsoll-fix, stages: [manual] }
`
const call = (hook: string): Outcome => {
  run(project, 'git', 'add', '.')
  return attempt(project, 'pre-commit', 'run', hook, '--hook-stage', 'manual')
}

function install(): string {
  run('.', 'python3', '-m', 'venv', join(scratch, 'venv'))
  run('.', join(tools, 'pip'), 'install', '--quiet', '--disable-pip-version-check', 'pre-commit')
  run('.', 'git', 'clone', '--quiet', '.', join(scratch, 'plimsoll'))
  mkdirSync(project)
  run(project, 'git', 'init', '--quiet')
  run(project, 'git', 'config', '--global', 'user.name', 'Tester')
  run(project, 'git', 'config', '--global', 'user.email', 'tester@example.com')
  return run(join(scratch, 'plimsoll'), 'git', 'rev-parse', 'HEAD').trim()
}

const tell = (text: string): void => void process.stdout.write(`${text}\n`)
const broken = /service-target-port-name-missing/

try {
  const revision = install()
  tell(run(project, 'pre-commit', '--version').trim())
  write('.pre-commit-config.yaml', config(revision))
  run(project, 'pre-commit', 'install')

  write('web.yaml', deployment('web'))
  write('service.yaml', service('http'))
  const blocked = commit('.pre-commit-config.yaml', 'web.yaml', 'service.yaml')
  notEqual(blocked.status, 0, blocked.output)
  match(blocked.output, broken)
  tell('a service that misses its port is not committed')

  write('service.yaml', service('web'))
  equal(commit('service.yaml').status, 0)
  tell('mended, it is')

  write('web.yaml', deployment('http'))
  const other = commit('web.yaml')
  notEqual(other.status, 0, other.output)
  match(other.output, broken)
  tell('a change that breaks a file beside it is not committed')
  run(project, 'git', 'checkout', '--quiet', 'HEAD', '--', 'web.yaml')

  write('notes.yaml', 'just: notes\n')
  equal(commit('notes.yaml').status, 0)
  tell('other YAML passes')

  write('service.yaml', service('gone'))
  const all = call('plimsoll-all')
  notEqual(all.status, 0, all.output)
  match(all.output, broken)
  tell('plimsoll-all sees everything')

  write('service.yaml', `${service('web')}# plimsoll-ignore-file image-tag-mutable\n`)
  const fixed = call('plimsoll-fix')
  notEqual(fixed.status, 0, fixed.output)
  equal(readFileSync(join(project, 'service.yaml'), 'utf8'), service('web'), fixed.output)
  tell('plimsoll-fix mends in place, and says so by failing')
} finally {
  rmSync(scratch, { recursive: true, force: true })
}
