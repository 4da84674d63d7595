import { defineChartRule } from '../../src/rule.ts'

export default defineChartRule({
  id: 'helm-branch-unreached',
  category: 'helm',
  severity: 'info',
  presets: [],
  title: 'Branch that no set of values reaches',
  why: `
    Neither the default values nor one of the files \`ci/*values*.yaml\` leads here, so nothing checks what the branch makes:
    not this program, not \`helm lint\`, not chart-testing. Add a values file to \`ci/\` that switches it on.`,
  see: ['https://github.com/helm/chart-testing#configuration'],
  bad: `
    # values.yaml
    monitoring: false
    # templates/settings.yaml
    {{- if .Values.monitoring }}
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: dashboards
    {{- end }}
  `,
  good: `
    # values.yaml
    monitoring: false
    # ci/monitoring-values.yaml
    monitoring: true
    # templates/settings.yaml
    {{- if .Values.monitoring }}
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: dashboards
    {{- end }}
  `,
  check(chart, ctx) {
    for (const { location, part } of chart.listUnreachedBranches())
      ctx.report(
        location,
        `no set of values reaches ${part === 'else' ? 'what stands behind else' : 'this branch'}`,
      )
  },
})
