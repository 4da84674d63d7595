import {
  defineRule,
  folderOf,
  formatResource,
  inNamespace,
  memo,
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
    const first = firstsBy[options.within](twins).get(placeOf[options.within](resource))!
    if (first === resource || resource.name.endsWith('*')) return
    const at = root.get('metadata', 'name') ?? root
    const where = inNamespace(graph.namespaceOf(resource))
    ctx.report(at, `${formatResource(resource)}${where} is declared twice`, {
      related: [{ at: first.root.get('metadata', 'name') ?? first.root, message: 'declared first here' }],
    })
  },
})

type Within = 'file' | 'folder' | 'everywhere'

/** Equal for what stands near enough. */
const placeOf: Readonly<Record<Within, (resource: Resource) => unknown>> = {
  file: ({ document }) => document.source,
  folder: folderOf,
  everywhere: () => undefined,
}

/** Of several declarations the first at each place: thousands may have one name. */
const findFirsts = (within: Within) =>
  memo((twins: readonly Resource[]): ReadonlyMap<unknown, Resource> => {
    const firsts = new Map<unknown, Resource>()
    for (const it of twins) {
      const place = placeOf[within](it)
      if (!firsts.has(place)) firsts.set(place, it)
    }
    return firsts
  })

const firstsBy = {
  file: findFirsts('file'),
  folder: findFirsts('folder'),
  everywhere: findFirsts('everywhere'),
}
