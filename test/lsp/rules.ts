/** A handful of rules of each scope, so that the protocol is tested whatever the catalogue says. */
import {
  containers,
  defineDocumentRule,
  defineRule,
  kind,
  podSpecs,
  type Rule,
  remove,
  set,
} from '../../src/rule.ts'

const manifest = 'apiVersion: v1\nkind: Pod\nmetadata: { name: x }\n'
const facts = { presets: ['recommended'], why: 'Because.', see: [], bad: manifest, good: manifest } as const

const brokenYaml = defineDocumentRule({
  ...facts,
  id: 'yaml-broken',
  category: 'yaml',
  severity: 'error',
  title: 'YAML is broken',
  check(document, ctx) {
    for (const it of document.problems) if (it.code === 'syntax') ctx.report(it.span, it.message)
  },
})

const privileged = defineRule({
  ...facts,
  id: 'container-privileged',
  category: 'security',
  severity: 'warning',
  title: 'Container is privileged',
  see: ['https://kubernetes.io/docs/concepts/security/pod-security-standards/'],
  on: containers,
  check(container, ctx) {
    const at = container.get('securityContext', 'privileged')
    if (at?.value !== true) return
    const fixes = [
      { title: 'Set privileged to false', safe: false, patch: set(at, false) },
      { title: 'Remove privileged', safe: false, patch: remove(at) },
    ]
    ctx.report(at, `container "${container.text('name')}" is privileged`, { part: 'pair', fixes })
  },
})

const hostAlias = defineRule({
  ...facts,
  id: 'service-account-deprecated',
  category: 'reliability',
  severity: 'info',
  title: 'serviceAccount is the old name of serviceAccountName',
  on: podSpecs,
  check(spec, ctx) {
    const at = spec.get('serviceAccount')
    if (!at) return
    const fix = { title: 'Remove serviceAccount', safe: true, patch: remove(at) }
    ctx.report(at, 'serviceAccount is deprecated', { part: 'key', fixes: [fix] })
  },
})

const targetPort = defineRule({
  ...facts,
  id: 'target-port-missing',
  category: 'network',
  severity: 'error',
  title: 'No container has the port',
  scope: 'graph',
  on: kind('Service'),
  check(service, ctx) {
    const port = service.get('spec', 'ports', 0, 'targetPort')
    const workload = ctx.graph.ofKind('Deployment')[0]
    const declared = workload?.root.get('spec', 'template', 'spec', 'containers', 0, 'ports', 0, 'name')
    if (!port || !declared || port.value === declared.value) return
    ctx.report(port, `no container has a port named "${port.value}"`, {
      related: [{ at: declared, message: 'the port of this container' }],
      fixes: [{ title: `Use "${declared.value}"`, safe: false, patch: set(port, declared.value) }],
    })
  },
})

export const rules: readonly Rule[] = [brokenYaml, privileged, hostAlias, targetPort]
