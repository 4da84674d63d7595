/** Examples of rules as files: a manifest, or a chart whose files stand behind lines like `# templates/web.yaml`. */
import { dedent } from './dedent.ts'

const HEADER = /^# ((?:[\w.-]+\/)*[\w.-]+\.(?:yaml|tpl|json|txt|tgz))\n/gm
const CHART = 'apiVersion: v2\nname: shop\nversion: 1.0.0\n'

/** Texts by path. A chart that leaves out Chart.yaml gets one. */
export function listExampleFiles(example: string): Map<string, string> {
  const text = dedent(example)
  const headers = [...text.matchAll(HEADER)]
  if (headers.length === 0) return new Map([['manifest.yaml', text]])
  const files = headers.map((it, i): [string, string] => [
    it[1]!,
    text.slice(it.index + it[0].length, headers[i + 1]?.index),
  ])
  return withChart(new Map(files))
}

/** Templates without a Chart.yaml anywhere are those of a chart that need not be shown. */
export function withChart(files: ReadonlyMap<string, string>): Map<string, string> {
  const names = [...files.keys()]
  const isChart =
    names.some(it => it.startsWith('templates/')) && !names.some(it => /(?:^|\/)Chart\.yaml$/.test(it))
  return new Map(isChart ? [['Chart.yaml', CHART], ...files] : files)
}
