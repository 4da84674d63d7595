import {
  defineRule,
  formatResource,
  inNamespace,
  inSameFolder,
  type Resource,
  resources,
} from '../../src/rule.ts'

export default defineRule({
  id: 'duplicate-resource',
  category: 'api',
  severity: 'error',
  presets: ['recommended', 'helm'],
  scope: 'graph',
  title: 'Object is declared twice',
  why: `
    Two manifests name the same object, so the one that is applied last wins and the other has no effect. It happens
    when two changes add the same object, or a block is copied and its name forgotten. Objects of one name in different
    files are taken for alternatives, as in examples, and in different folders for environments; where a whole folder
    is applied at once, \`within: folder\` finds them too.`,
  see: ['https://kubernetes.io/docs/concepts/overview/working-with-objects/names/'],
  bad: `
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: settings
    data:
      level: info
    ---
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: settings
    data:
      level: debug
  `,
  good: `
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: settings
    data:
      level: info
    ---
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: settings-of-tests
    data:
      level: debug
  `,
  options: {
    schema: {
      type: 'object',
      additionalProperties: false,
      properties: {
        within: {
          enum: ['file', 'folder', 'everywhere'],
          description: 'How near two declarations must be to be taken for one mistake.',
        },
      },
    },
    defaults: { within: 'file' as Within },
  },
  on: resources,
  check(root, ctx) {
    const { resource, graph, options } = ctx
    const twins = graph.twinsOf(resource)
    if (twins.length === 0) return
    const first = twins.find(it => it === resource || isNear[options.within](it, resource))!
    if (first === resource || resource.name.endsWith('*')) return
    const at = root.get('metadata', 'name') ?? root
    const where = inNamespace(graph.namespaceOf(resource))
    ctx.report(at, `${formatResource(resource)}${where} is declared twice`, {
      related: [{ at: first.root.get('metadata', 'name') ?? first.root, message: 'declared first here' }],
    })
  },
})

type Within = 'file' | 'folder' | 'everywhere'

const isNear: Readonly<Record<Within, (a: Resource, b: Resource) => boolean>> = {
  file: (a, b) => a.document.source === b.document.source,
  folder: inSameFolder,
  everywhere: () => true,
}
