import { defineRule, type Graph, isBuiltInGroup, memo, type Resource, resources } from '../../src/rule.ts'

export default defineRule({
  id: 'schema-not-found',
  category: 'schema',
  severity: 'info',
  presets: ['recommended', 'schema'],
  scope: 'graph',
  isToldOnce: true,
  title: 'No schema is known for the kind',
  why: `
    The resource is a custom one whose definition is neither in the input nor among the packed ones, so its fields were
    not checked. Give its CustomResourceDefinition with \`--crds\`, or put it beside the manifests. Said once for each
    kind.`,
  see: ['https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/'],
  bad: `
    apiVersion: games.example.com/v1
    kind: Chessboard
    metadata:
      name: main
    spec:
      size: 8
  `,
  good: `
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: main
    data:
      size: "8"
  `,
  on: resources,
  check(root, ctx) {
    const { resource, graph, apis } = ctx
    if (isBuiltInGroup(resource.group) || apis.hasSchema(resource)) return
    if (!findFirsts(graph).has(resource)) return
    const at = root.get('kind') ?? root
    ctx.report(
      at,
      `no schema is known for ${resource.apiVersion} ${resource.kind}, its fields are not checked`,
    )
  },
})

/** The first resource of each version of each kind. */
const findFirsts = memo((graph: Graph): ReadonlySet<Resource> => {
  const firsts = new Map<string, Resource>()
  for (const it of graph.resources) {
    const type = `${it.apiVersion}/${it.kind}`
    if (!firsts.has(type)) firsts.set(type, it)
  }
  return new Set(firsts.values())
})
