import { defineChartRule } from '../../src/rule.ts'

export default defineChartRule({
  id: 'helm-template-extension-unknown',
  category: 'helm',
  severity: 'warning',
  presets: ['recommended', 'helm'],
  title: 'File in templates/ that is no template by its name',
  why: `
    Helm renders every file in \`templates/\`, whatever its name, and sends what comes out to the server: a README or a
    script there breaks the installation. \`helm lint\` takes \`.yaml\`, \`.yml\`, \`.tpl\` and \`.txt\` alone. Files that
    templates read belong beside the folder, others into .helmignore.`,
  see: ['https://helm.sh/docs/chart_best_practices/templates/#structure-of-templates'],
  bad: `
    # templates/settings.json
    {{- /* Settings of the shop */ -}}
  `,
  good: `
    # templates/settings.yaml
    {{- /* Settings of the shop */ -}}
  `,
  check(chart, ctx) {
    for (const { location, extension } of chart.listStrangeTemplates())
      ctx.report(
        location,
        `Helm renders this file as a template, though its name ends in "${extension}", not .yaml, .tpl or .txt`,
      )
  },
})
