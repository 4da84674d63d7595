/** Whole sessions over stdio: what a client sends, and what it gets. */
import { beforeAll, describe, expect, test } from 'vitest'
import {
  CancellationTokenSource,
  type CodeAction,
  type Diagnostic,
  LSPErrorCodes,
  type TextDocumentEdit,
} from 'vscode-languageserver/node'
import {
  applyTextEdits,
  bundleServer,
  listWords,
  pulling,
  pushed,
  type Session,
  startSession,
} from './client.ts'

let server: string
beforeAll(async () => {
  server = await bundleServer()
})

const pod = (line: string): string => `apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  containers:
    - name: app
      image: a:1
      securityContext:
        ${line}
`
const deployment = (port: string): string => `apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      containers:
        - name: app
          image: a:1
          ports: [{ name: ${port}, containerPort: 80 }]
`
const service = `apiVersion: v1
kind: Service
metadata: { name: web }
spec:
  ports:
    - { port: 80, targetPort: http }
`

const itemsOf = (report: { kind: string; items?: Diagnostic[] }): Diagnostic[] => {
  expect(report.kind).toBe('full')
  return report.items!
}

const replaceLine = (line: number, text: string) => ({
  range: { start: { line, character: 0 }, end: { line, character: 1000 } },
  text,
})

const editsOf = (action: CodeAction | undefined): TextDocumentEdit['edits'] =>
  (action!.edit!.documentChanges![0] as TextDocumentEdit).edits

const applyAction = (text: string, action: CodeAction | undefined): string =>
  applyTextEdits(text, editsOf(action) as never)

async function withSession(
  setting: Parameters<typeof startSession>[1],
  script: (session: Session) => Promise<void>,
): Promise<void> {
  const session = await startSession(server, setting)
  await script(session)
  expect(await session.stop()).toBe(0)
  expect(session.errors).toEqual([])
}

describe('a client that pulls', () => {
  test('opens, edits, mends, closes', () =>
    withSession({ files: { 'pod.yaml': pod('privileged: false') }, capabilities: pulling }, async session => {
      expect(session.capabilities).toMatchObject({
        positionEncoding: 'utf-16',
        diagnosticProvider: { interFileDependencies: true, workspaceDiagnostics: true },
        codeActionProvider: { codeActionKinds: ['quickfix', 'source.fixAll.plimsoll'] },
      })
      session.open('pod.yaml', pod('privileged: false'))
      expect(itemsOf(await session.pull('pod.yaml'))).toEqual([])

      session.change('pod.yaml', [replaceLine(8, '        privileged: true # for now')])
      const report = await session.pull('pod.yaml')
      const [found] = itemsOf(report)
      expect(found).toMatchObject({
        range: { start: { line: 8, character: 8 }, end: { line: 8, character: 24 } },
        severity: 2,
        code: 'container-privileged',
        source: 'plimsoll',
        message: 'container "app" is privileged',
        codeDescription: { href: 'https://kubernetes.io/docs/concepts/security/pod-security-standards/' },
      })
      expect(await session.pull('pod.yaml', report.resultId)).toEqual({
        kind: 'unchanged',
        resultId: report.resultId,
      })

      const actions = await session.actions('pod.yaml', found!.range)
      const fix = actions.find(it => it.title === 'Set privileged to false')
      expect(fix).toMatchObject({ kind: 'quickfix', diagnostics: [found] })
      expect(fix!.isPreferred).toBeUndefined()
      expect(applyAction(pod('privileged: true # for now'), fix)).toBe(pod('privileged: false # for now'))

      session.change('pod.yaml', [replaceLine(8, '        privileged: false # for now')])
      expect(itemsOf(await session.pull('pod.yaml', report.resultId))).toEqual([])
      session.close('pod.yaml')
      expect(itemsOf(await session.pull('pod.yaml'))).toEqual([])
    }))

  test('sees the file that it did not touch change its verdict', () =>
    withSession(
      { files: { 'web.yaml': deployment('http'), 'deep/service.yaml': service }, capabilities: pulling },
      async session => {
        session.open('web.yaml', deployment('http'))
        const waiting = session.pullWorkspace()
        session.change('web.yaml', [{ text: deployment('web') }])
        const { items } = await waiting
        expect(items.map(it => it.uri)).toEqual([session.uri('deep/service.yaml')])
        const [found] = itemsOf(items[0]!)
        expect(found).toMatchObject({
          message: 'no container has a port named "http"',
          relatedInformation: [
            {
              location: { uri: session.uri('web.yaml'), range: { start: { line: 11, character: 26 } } },
              message: 'the port of this container',
            },
          ],
        })
        const known = { [items[0]!.uri]: items[0]!.resultId! }
        const next = session.pullWorkspace(known)
        const first = await Promise.race([next, new Promise(resolve => setTimeout(resolve, 400, 'held'))])
        expect(first).toBe('held')
        session.change('web.yaml', [{ text: deployment('http') }])
        expect((await next).items).toMatchObject([{ uri: items[0]!.uri, kind: 'full', items: [] }])
      },
    ))

  test('gets safe fixes preferred, and all of them at once on request', () => {
    const text = pod('privileged: true').replace('spec:\n', 'spec:\n  serviceAccount: app # old\n')
    return withSession({ files: { 'pod.yaml': text }, capabilities: pulling }, async session => {
      session.open('pod.yaml', text)
      const [found] = itemsOf(await session.pull('pod.yaml'))
      expect(found).toMatchObject({ code: 'service-account-deprecated', tags: [2], severity: 3 })
      const [fix] = await session.actions('pod.yaml', found!.range)
      expect(fix).toMatchObject({ title: 'Remove serviceAccount', isPreferred: true })
      const whole = { start: { line: 0, character: 0 }, end: { line: 99, character: 0 } }
      const all = await session.actions('pod.yaml', whole, ['source.fixAll'])
      expect(all.map(it => it.kind)).toEqual(['source.fixAll.plimsoll'])
      expect(applyAction(text, all[0])).toBe(pod('privileged: true'))
      expect((await session.actions('pod.yaml', whole)).map(it => it.kind)).not.toContain(all[0]!.kind)
    })
  })

  test('silences a finding by a comment in its place', () =>
    withSession({ files: { 'pod.yaml': pod('privileged: true') }, capabilities: pulling }, async session => {
      session.open('pod.yaml', pod('privileged: true'))
      const [found] = itemsOf(await session.pull('pod.yaml'))
      const actions = await session.actions('pod.yaml', found!.range)
      const ignore = actions.find(it => it.title === 'Ignore container-privileged on this line')
      const ignored = applyAction(pod('privileged: true'), ignore)
      expect(ignored).toBe(pod('# plimsoll-ignore container-privileged\n        privileged: true'))
      session.change('pod.yaml', [{ text: ignored }])
      expect(itemsOf(await session.pull('pod.yaml'))).toEqual([])
    }))

  test('mends and silences at the key of the values what a template prints', () => {
    const values = 'size: 1\nprivileged: true\n'
    const template = pod('privileged: {{ .Values.privileged }}')
    const files = {
      'Chart.yaml': 'apiVersion: v2\nname: shop\nversion: 1.0.0\n',
      'values.yaml': values,
      'templates/pod.yaml': template,
    }
    const caret = (line: number) => ({ start: { line, character: 13 }, end: { line, character: 13 } })
    return withSession({ files, capabilities: pulling }, async session => {
      session.open('values.yaml', values)
      session.open('templates/pod.yaml', template)
      expect(itemsOf(await session.pull('templates/pod.yaml'))).toHaveLength(1)
      expect(await session.actions('values.yaml', caret(0))).toEqual([])
      const actions = await session.actions('values.yaml', caret(1))
      const named = (title: string) => actions.find(it => it.title === title)
      expect(applyAction(values, named('Set privileged to false'))).toBe('size: 1\nprivileged: false\n')
      const ignored = applyAction(values, named('Ignore container-privileged on this line'))
      expect(ignored).toBe('size: 1\n# plimsoll-ignore container-privileged\nprivileged: true\n')
      session.change('values.yaml', [{ text: ignored }])
      expect(itemsOf(await session.pull('templates/pod.yaml'))).toEqual([])
    })
  })

  test('types half a line: only the broken place is reported, and other files stay judged', () =>
    withSession(
      { files: { 'web.yaml': deployment('web'), 'service.yaml': service }, capabilities: pulling },
      async session => {
        session.open('service.yaml', service)
        const half = service.replace('metadata: { name: web }', 'metadata: { name: "we')
        session.change('service.yaml', [{ text: half }])
        const codes = itemsOf(await session.pull('service.yaml')).map(it => it.code)
        expect(codes).toEqual(['yaml-broken'])
        session.change('service.yaml', [{ text: service }])
        expect(itemsOf(await session.pull('service.yaml')).map(it => it.code)).toEqual([
          'target-port-missing',
        ])
      },
    ))

  test('counts CRLF lines and characters beyond the basic plane as it said', async () => {
    const text = pod('privileged: true').replace('- name: app', '- name: "😀😀"').replaceAll('\n', '\r\n')
    const flow = text.replace(
      /- name[\s\S]*$/,
      '- { name: "😀😀", securityContext: { privileged: true } }\r\n',
    )
    const expected = { 'utf-16': 41, 'utf-8': 45, 'utf-32': 39 }
    for (const [encoding, character] of Object.entries(expected)) {
      const capabilities = { ...pulling, general: { positionEncodings: [encoding] } }
      await withSession({ files: {}, capabilities }, async session => {
        expect(session.capabilities.positionEncoding).toBe(encoding)
        session.open('new.yaml', text)
        session.change('new.yaml', [{ text: flow }])
        const [found] = itemsOf(await session.pull('new.yaml'))
        expect(found!.range.start).toEqual({ line: 5, character })
      })
    }
  })

  test('follows plimsoll.yaml, and keeps the last good settings while it is broken', () =>
    withSession({ files: { 'pod.yaml': pod('privileged: true') }, capabilities: pulling }, async session => {
      const changed = async (file: string, text: string): Promise<void> => {
        session.write(file, text)
        await session.connection.sendNotification('workspace/didChangeWatchedFiles', {
          changes: [{ uri: session.uri(file), type: 2 }],
        })
      }
      session.open('pod.yaml', pod('privileged: true'))
      expect(itemsOf(await session.pull('pod.yaml'))).toHaveLength(1)
      await changed('plimsoll.yaml', 'rules: { container-privileged: error }\n')
      expect(itemsOf(await session.pull('pod.yaml'))).toMatchObject([{ severity: 1 }])
      await changed('plimsoll.yaml', 'rules: { container-privilegd: error }\n')
      expect(itemsOf(await session.pull('pod.yaml'))).toMatchObject([{ severity: 1 }])
      expect(itemsOf(await session.pull('plimsoll.yaml'))).toMatchObject([
        { code: 'config-invalid', range: { start: { line: 0, character: 9 } } },
      ])
      await changed('plimsoll.yaml', 'rules: { container-privileged: off }\n')
      expect(itemsOf(await session.pull('pod.yaml'))).toEqual([])
      expect(itemsOf(await session.pull('plimsoll.yaml'))).toEqual([])
    }))

  test('cancels, asks nonsense, and goes on', () =>
    withSession({ files: { 'pod.yaml': pod('privileged: true') }, capabilities: pulling }, async session => {
      const source = new CancellationTokenSource()
      const { items } = await session.pullWorkspace()
      const previousResultIds = items.map(it => ({ uri: it.uri, value: it.resultId! }))
      const held = session.connection.sendRequest('workspace/diagnostic', { previousResultIds }, source.token)
      source.cancel()
      await expect(held).rejects.toMatchObject({ code: LSPErrorCodes.RequestCancelled })
      await expect(session.connection.sendRequest('textDocument/codeAction', { range: 7 })).rejects.toThrow()
      await expect(session.connection.sendRequest('textDocument/diagnostic', {})).rejects.toThrow()
      await session.connection.sendNotification('textDocument/didChange', { contentChanges: [{}] })
      session.change('never-opened.yaml', [{ text: 'a' }])
      expect(itemsOf(await session.pull('pod.yaml'))).toHaveLength(1)
      expect(session.errors.splice(0)).toHaveLength(3)
      expect(itemsOf(await session.pull('pod.yaml'))).toHaveLength(1)
    }))

  test('knows a file again by another spelling of its URI', () =>
    withSession(
      { files: { 'a@b+c.yaml': pod('privileged: true') }, capabilities: pulling },
      async session => {
        const { items } = await session.pullWorkspace()
        expect(items.map(it => it.kind)).toEqual(['full'])
        const spelled = session.uri('a@b+c.yaml').replace('@', '%40').replace('+', '%2B')
        const next = session.pullWorkspace({ [spelled]: items[0]!.resultId! })
        expect(await Promise.race([next, new Promise(resolve => setTimeout(resolve, 300, 'held'))])).toBe(
          'held',
        )
        session.open('a@b+c.yaml', pod('privileged: false'))
        expect((await next).items).toMatchObject([{ kind: 'full', items: [], uri: spelled }])
      },
    ))

  test('has folders within folders judged once, and follows folders that come and go', () =>
    withSession(
      {
        files: { 'pod.yaml': pod('privileged: true'), 'in/pod.yaml': pod('privileged: true') },
        capabilities: { ...pulling, workspace: { ...pulling.workspace, workspaceFolders: true } },
      },
      async session => {
        const folders = ['', 'in'].map(it => ({ uri: session.uri(it), name: it }))
        session.connection.onRequest('workspace/workspaceFolders', () => folders)
        await session.connection.sendNotification('workspace/didChangeWorkspaceFolders', {
          event: { added: folders.slice(1), removed: [] },
        })
        const found = new Map<string, number>()
        for (let known = {}; found.size < 2; ) {
          const { items } = await session.pullWorkspace(known)
          for (const it of items) if (it.kind === 'full') found.set(it.uri, it.items.length)
          known = Object.fromEntries(items.map(it => [it.uri, it.resultId]))
        }
        expect(Object.fromEntries(found)).toEqual({
          [session.uri('in/pod.yaml')]: 1,
          [session.uri('pod.yaml')]: 1,
        })
      },
    ))

  test('that is ours gets the state, pages of rules, and actions that open them', () =>
    withSession(
      {
        files: { 'pod.yaml': pod('privileged: true') },
        capabilities: pulling,
        initializationOptions: { client: 'plimsoll-vscode', settings: { kubernetes: '1.33' } },
      },
      async session => {
        const status = new Promise(resolve => session.connection.onNotification('plimsoll/status', resolve))
        const [found] = itemsOf(await session.pull('pod.yaml'))
        expect(await status).toEqual({ kubernetes: ['1.33'] })
        const actions = await session.actions('pod.yaml', found!.range)
        expect(actions.at(-1)!.command).toMatchObject({
          command: 'plimsoll.explainRule',
          arguments: ['container-privileged'],
        })
        const page = await session.connection.sendRequest('plimsoll/explainRule', {
          rule: 'container-privileged',
        })
        expect(page).toMatch(/^# container-privileged\n\n\*\*Container is privileged\*\*/)
        expect(await session.connection.sendRequest('plimsoll/explainRule', { rule: '__proto__' })).toBeNull()
      },
    ))

  test('leaves alone what is ignored, and takes what is new and unsaved', () =>
    withSession(
      {
        files: { '.gitignore': 'dist/', 'dist/pod.yaml': pod('privileged: true') },
        capabilities: pulling,
      },
      async session => {
        session.open('dist/pod.yaml', pod('privileged: true'))
        expect(itemsOf(await session.pull('dist/pod.yaml'))).toEqual([])
        session.open('new.yaml', pod('privileged: true'))
        expect(itemsOf(await session.pull('new.yaml'))).toHaveLength(1)
        session.write('.gitignore', '')
        await session.connection.sendNotification('workspace/didChangeWatchedFiles', {
          changes: [{ uri: session.uri('.gitignore'), type: 2 }],
        })
        expect(itemsOf(await session.pull('dist/pod.yaml'))).toHaveLength(1)
        session.write('.gitignore', 'dist/')
        await session.connection.sendNotification('workspace/didChangeWatchedFiles', {
          changes: [{ uri: session.uri('.gitignore'), type: 2 }],
        })
        expect(itemsOf(await session.pull('dist/pod.yaml'))).toEqual([])
      },
    ))
})

describe('a client that is told', () => {
  test('hears about every file, of changes only, and of what is mended', () =>
    withSession(
      { files: { 'web.yaml': deployment('web'), 'service.yaml': service }, capabilities: pushed },
      async session => {
        expect(session.capabilities.diagnosticProvider).toBeUndefined()
        const found = await session.untilPublished('service.yaml', it => it.length > 0)
        expect(listWords(found)).toEqual(['target-port-missing 5:30 no container has a port named "http"'])
        session.open('web.yaml', deployment('web'))
        session.change('web.yaml', [{ text: deployment('http') }])
        await session.untilPublished('service.yaml', it => it.length === 0)
        expect(session.published.has(session.uri('web.yaml'))).toBe(false)
      },
    ))

  test('is told about documents outside of every folder as long as they are open', () =>
    withSession({ files: { 'pod.yaml': pod('privileged: false') }, capabilities: pushed }, async session => {
      session.open('../stray.yaml', pod('privileged: true'))
      await session.untilPublished('../stray.yaml', it => it.length === 1)
      session.close('../stray.yaml')
      await session.untilPublished('../stray.yaml', it => it.length === 0)
    }))

  test('with settings for open files only, hears of open files only', () =>
    withSession(
      {
        files: { 'a.yaml': pod('privileged: true'), 'b.yaml': pod('privileged: true') },
        capabilities: pushed,
        initializationOptions: { settings: { scope: 'openFiles' } },
      },
      async session => {
        session.open('b.yaml', pod('privileged: true'))
        await session.untilPublished('b.yaml', it => it.length === 1)
        expect([...session.published.keys()]).toEqual([session.uri('b.yaml')])
        await session.connection.sendNotification('workspace/didChangeConfiguration', {
          settings: { plimsoll: { enable: false } },
        })
        await session.untilPublished('b.yaml', it => it.length === 0)
      },
    ))
})
