/** Reports made by hand: an ordinary one, one full of hostile texts, an empty one. */
import type { RuleInfo } from '../../src/config/catalogue.ts'
import type { Finding, Report, Summary } from '../../src/engine/finding.ts'
import type { ReportOptions } from '../../src/report/reporter.ts'
import type { Location, Source } from '../../src/text/source.ts'

export const service: Source = {
  id: 'k8s/service.yaml',
  text: 'apiVersion: v1\nkind: Service\nmetadata:\n  name: web\nspec:\n  ports:\n    - port: 80\n      targetPort: http\n',
}
const web: Source = {
  id: 'k8s/web.yaml',
  text: 'kind: Deployment\nspec:\n  ports:\n    - name: web\n',
}

const at = (source: Source, text: string): Location => {
  const start = source.text.indexOf(text)
  if (start < 0) throw new Error(`no ${text}`)
  return { source, span: { start, end: start + text.length } }
}

export const finding: Finding = {
  rule: 'service-target-port-name-missing',
  severity: 'error',
  message: 'no container of Deployment "web" has a port named "http"',
  location: at(service, 'http'),
  resource: { apiVersion: 'v1', kind: 'Service', namespace: 'shop', name: 'web' },
  path: 'spec.ports[0].targetPort',
  kubernetes: ['1.36'],
  origins: [],
  related: [{ location: at(web, 'web'), message: 'ports of this container: "web"' }],
  fixes: [{ title: 'Use "web"', safe: false, edits: [{ ...at(service, 'http'), text: 'web' }] }],
  fingerprint: 'f00d',
}

const summary: Summary = {
  files: 2,
  resources: 2,
  charts: 0,
  kubernetes: ['1.35', '1.36'],
  kubernetesGiven: true,
  skipped: [{ path: 'charts/x', reason: 'a chart' }],
  incomplete: [],
  suppressed: 1,
}

export const ordinary: Report = {
  findings: [
    finding,
    {
      rule: 'port-unnamed',
      severity: 'warning',
      message: 'port has no name',
      location: at(web, 'ports'),
      kubernetes: ['1.35', '1.36'],
      origins: [{ kind: 'values', location: at(service, 'name: web'), path: 'service.name' }],
      related: [],
      fixes: [{ title: 'Name it', safe: true, edits: [{ ...at(web, 'ports'), text: 'x' }] }],
      server: { reason: 'FieldValueRequired', field: 'spec.ports[0].name', message: 'Required value' },
      fingerprint: 'beef',
    },
  ],
  summary,
}

export const empty: Report = { findings: [], summary: { ...summary, skipped: [], suppressed: 0 } }

/** What users can put into names, files and values, and every format must survive. */
export const nasty = '\u001b[31m]]>&<a href="x">\'|`**_[x](y)_\n::error::%0A,:@all #1 \u202e\0\ud800'
const nastySource: Source = { id: 'a b/%41\n<&">\u001b[2J::é.yaml', text: `${nasty}\ttab\n` }

export const hostile: Report = {
  findings: [
    {
      ...finding,
      message: nasty,
      location: { source: nastySource, span: { start: 3, end: 8 } },
      resource: { apiVersion: 'v1', kind: nasty, namespace: nasty, name: nasty },
      related: [{ location: { source: nastySource, span: { start: 0, end: 1 } }, message: nasty }],
      fixes: [{ title: nasty, safe: true, edits: [] }],
    },
  ],
  summary: { ...summary, skipped: [{ path: nasty, reason: nasty }], incomplete: [nasty] },
}

const rule: RuleInfo = {
  id: 'service-target-port-name-missing',
  category: 'network',
  severity: 'error',
  presets: ['recommended'],
  title: 'Service names a port that no container has',
  why: '\n    Connections are refused.\n    Use a name that exists.',
  see: ['https://kubernetes.io/docs/concepts/services-networking/service/'],
}

export const options: ReportOptions = {
  color: false,
  rules: [
    rule,
    { ...rule, id: 'privileged-container', category: 'security', see: [] },
    { ...rule, id: 'port-unnamed', severity: 'warning' },
  ],
  version: '0.1.0',
  homepage: 'https://example.com/plimsoll',
  milliseconds: 83.6,
  prefix: '',
}
