import { defineRule, formatResource, inNamespace, inSameFolder, resources } from '../../src/rule.ts'

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
    folders are taken for different environments and are no finding.`,
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
  on: resources,
  check(root, ctx) {
    const { resource, graph } = ctx
    const twins = graph.twinsOf(resource)
    if (twins.length === 0) return
    const first = twins.find(it => inSameFolder(it, resource))!
    if (first === resource || resource.name.endsWith('*')) return
    const at = root.get('metadata', 'name') ?? root
    const where = inNamespace(graph.namespaceOf(resource))
    ctx.report(at, `${formatResource(resource)}${where} is declared twice`, {
      related: [{ at: first.root.get('metadata', 'name') ?? first.root, message: 'declared first here' }],
    })
  },
})
