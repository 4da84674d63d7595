/** The two files that a new rule begins with. */
import type { GeneratedFile } from './generated-file.ts'

const categories = [
  'yaml',
  'schema',
  'api',
  'refs',
  'network',
  'security',
  'reliability',
  'resources',
  'scheduling',
  'helm',
  'style',
] as const

/** The files for `category/rule-id`; a text says what is wrong with the name. */
export function scaffoldRule(name: string): GeneratedFile[] | string {
  const [category = '', id = '', ...more] = name.split('/')
  if (more.length > 0 || !categories.some(it => it === category))
    return `expected CATEGORY/RULE-ID, with a category of ${categories.join(', ')}`
  if (!/^[a-z0-9]+(?:-[a-z0-9]+){1,5}$/.test(id))
    return `a rule id has two to six words in lower case, joined by hyphens; "${id}" has not`
  return [
    {
      path: `rules/${category}/${id}.ts`,
      text: category === 'helm' ? chartRuleText(id) : ruleText(category, id),
    },
    { path: `test/rules/${id}.md`, text: category === 'helm' ? chartPageText(id) : pageText(id) },
  ]
}

const ruleText = (
  category: string,
  id: string,
): string => `import { containers, defineRule } from '../../src/rule.ts'

export default defineRule({
  id: '${id}',
  category: '${category}',
  severity: 'info',
  presets: [],
  title: 'What is wrong, in a few words',
  why: \`
    Why it matters, and what to do.\`,
  see: ['https://kubernetes.io/docs/'],
  bad: \`
    apiVersion: v1
    kind: Pod
    metadata:
      name: web
    spec:
      containers:
        - name: web
          image: registry.example.com/web:1.4.0
          tty: true
  \`,
  good: \`
    apiVersion: v1
    kind: Pod
    metadata:
      name: web
    spec:
      containers:
        - name: web
          image: registry.example.com/web:1.4.0
  \`,
  on: containers,
  check(container, ctx) {
    const at = container.get('tty')
    if (at?.value !== true) return
    ctx.report(at, \`container "\${container.text('name') ?? ''}" has a terminal\`)
  },
})
`

const chartRuleText = (id: string): string => `import { defineChartRule } from '../../src/rule.ts'

export default defineChartRule({
  id: '${id}',
  category: 'helm',
  severity: 'info',
  presets: [],
  title: 'What is wrong, in a few words',
  why: \`
    Why it matters, and what to do.\`,
  see: ['https://helm.sh/docs/'],
  bad: \`
    # values.yaml
    shop_name: books
    # templates/settings.yaml
    # {{ .Values.shop_name }}
  \`,
  good: \`
    # values.yaml
    shopName: books
    # templates/settings.yaml
    # {{ .Values.shopName }}
  \`,
  check({ defaults }, ctx) {
    for (const at of defaults?.each() ?? [])
      if (String(at.key).includes('_')) ctx.report(at, \`"\${at.key}" has an underscore\`, { part: 'key' })
  },
})
`

const chartPageText = (id: string): string => `# ${id}

The usual case, with its mark at the line. Templates without a Chart.yaml get one.

\`\`\`yaml file=values.yaml
shop_name: books # info: [${id}] "has an underscore"
\`\`\`

\`\`\`yaml file=templates/settings.yaml
# {{ .Values.shop_name }}
\`\`\`

What looks like it and is right.

\`\`\`yaml file=values.yaml
shopName: books
\`\`\`

\`\`\`yaml file=templates/settings.yaml
# {{ .Values.shopName }}
\`\`\`
`

const pageText = (id: string): string => `# ${id}

The usual case, with its mark at the line.

\`\`\`yaml
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      tty: true # info: [${id}] "container "web""
\`\`\`

What looks like it and is right.

\`\`\`yaml
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      tty: false
\`\`\`
`
