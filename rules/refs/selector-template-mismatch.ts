import {
  type At,
  defineRule,
  type Fix,
  findPodTemplate,
  isMet,
  kind,
  type PodSelector,
  readLabelMap,
  readLabelSelector,
  readLabels,
  setBelow,
} from '../../src/rule.ts'

export default defineRule({
  id: 'selector-template-mismatch',
  category: 'refs',
  severity: 'error',
  presets: ['recommended', 'reliability', 'helm'],
  title: 'Selector does not match the labels of its own pods',
  why: `
    A controller finds its pods by labels. When its selector does not match the labels of its template, it would make
    pods for ever without seeing them; the API server refuses the object.`,
  see: ['https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#selector'],
  bad: `
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: web
    spec:
      selector:
        matchLabels:
          app: web
      template:
        metadata:
          labels:
            app: website
        spec:
          containers:
            - name: web
              image: registry.example.com/web:1.4.0
  `,
  good: `
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: web
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
  `,
  on: kind(
    'Deployment',
    'ReplicaSet',
    'StatefulSet',
    'DaemonSet',
    'ReplicationController',
    'Rollout',
    'DeploymentConfig',
  ),
  check(root, ctx) {
    const { resource } = ctx
    const at = findPodTemplate(resource)
    const selector = root.get('spec', 'selector')
    if (!at || !selector) return
    const requirements = readSelector(resource.kind, selector)
    const labels = readLabels(at)
    for (const requirement of requirements ?? []) {
      if (isMet(requirement, { resource, at, spec: at, labels, certain: true })) continue
      const { key, operator, values } = requirement
      const written = labels.get(key)
      const found = written === undefined ? `no label "${key}"` : `"${key}: ${written}"`
      const wanted = operator === 'In' ? `"${key}: ${values.join(' or ')}"` : `${operator} "${key}"`
      const label = at.get('metadata', 'labels', key) ?? at.get('metadata', 'labels')
      ctx.report(requirement.at, `selector wants ${wanted}, its own pods have ${found}`, {
        part: 'pair',
        related: label ? [{ at: label, part: 'pair', message: 'labels of the pods' }] : [],
        fixes: operator === 'In' && values.length === 1 ? [setLabel(at, key, values[0]!)] : [],
      })
    }
  },
})

const readSelector = (kind: string, selector: At): PodSelector | undefined =>
  kind === 'ReplicationController' || kind === 'DeploymentConfig'
    ? readLabelMap(selector)
    : readLabelSelector(selector)

const setLabel = (template: At, key: string, value: string): Fix => ({
  title: `Set label "${key}" of the pods to "${value}"`,
  safe: false,
  patch: setBelow(template, ['metadata', 'labels', key], value),
})
