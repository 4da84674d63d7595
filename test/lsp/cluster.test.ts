/** A project whose settings name a cluster: pods without a node are seen while one types. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { rules } from '../../rules/index.ts'
import { listFindings } from '../../src/engine/check.ts'
import { diskHost } from '../../src/host/disk.ts'
import { createProject, type Project } from '../../src/lsp/project.ts'
import { readAsset } from '../harness/check.ts'
import { writeTree } from '../host/folder.ts'
import { node } from '../schedule/builders.ts'

const pod = (cpu: string): string => `apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  containers:
    - name: app
      image: example/app:1.0.0
      resources: { requests: { cpu: "${cpu}" } }
`

function open(tree: Readonly<Record<string, string>>): { project: Project; root: string } {
  const root = writeTree(tree)
  const kit = { rules, readAsset }
  return {
    project: createProject({ root, disk: diskHost(root), extent: 'folder', kit, overrides: {} }),
    root,
  }
}

async function listShort(project: Project): Promise<readonly string[]> {
  const { snapshot, problem } = await project.check()
  const found = listFindings(snapshot).filter(it => it.rule === 'scheduling-impossible')
  return [...(problem ? [problem.message] : []), ...found.map(it => it.message.replace(/^.*\(|\)$/g, ''))]
}

test('the verdict follows the manifest, the cluster and the settings', async () => {
  const { project, root } = open({
    'plimsoll.yaml': 'nodes: [nodes.json]\n',
    'nodes.json': JSON.stringify([node('a')]),
    'web.yaml': pod('5'),
  })
  expect(await listShort(project)).toEqual(['a: short by 1 cpu'])
  project.edit('web.yaml', pod('3'))
  expect(await listShort(project)).toEqual([])
  project.edit('web.yaml', pod('6'))
  expect(await listShort(project)).toEqual(['a: short by 2 cpu'])
  writeFileSync(join(root, 'nodes.json'), JSON.stringify([node('b', { allocatable: { cpu: '3' } })]))
  project.touch('nodes.json')
  expect(await listShort(project)).toEqual(['b: short by 3 cpu'])
  writeFileSync(join(root, 'plimsoll.yaml'), '{}\n')
  project.touch('plimsoll.yaml')
  expect(await listShort(project)).toEqual([])
  expect((await project.check()).snapshot.findFit).toBeUndefined()
})

test('a broken cluster is a problem at its place, and the rest is checked', async () => {
  const { project } = open({
    'plimsoll.yaml': 'nodes: [nodes.json]\n',
    'nodes.json': `[\n${JSON.stringify(node('a'))},\n{`,
    'web.yaml': pod('5').replace('kind: Pod', 'kind: Pod\nsurplus: 1'),
  })
  const { problem, snapshot } = await project.check()
  expect(problem).toMatchObject({ file: 'nodes.json', line: 2, column: 0 })
  expect(listFindings(snapshot).map(it => it.rule)).toContain('schema-unknown-field')
})
