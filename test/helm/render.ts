/** Renders small charts that tests write down as texts. */
import { loadChart } from '../../src/helm/load-chart.ts'
import { setSchemaCheck } from '../../src/helm/on-demand.ts'
import {
  DEFAULT_OPTIONS,
  failed,
  type Rendering,
  type RenderOptions,
  renderChart,
} from '../../src/helm/render-chart.ts'
import { checkSchemas } from '../../src/helm/schema.ts'
import { setFullParser } from '../../src/helm/values-yaml.ts'
import { loadFullParser } from '../../src/yaml/parse.ts'

setFullParser(await loadFullParser())
setSchemaCheck(checkSchemas)

const CHART = 'apiVersion: v2\nname: shop\nversion: 1.0.0\n'

/** A chart named `shop` of these files; Chart.yaml is added when it is missing. Problems of loading are those of the result. */
export function renderFiles(
  files: Readonly<Record<string, string | Uint8Array>>,
  options: Partial<RenderOptions> = {},
): Rendering {
  const all = new Map<string, string | Uint8Array>(Object.entries({ 'Chart.yaml': CHART, ...files }))
  const { chart, problems } = loadChart(all, 'shop')
  return chart ? renderChart(chart, { ...DEFAULT_OPTIONS, releaseName: 'rel', ...options }) : failed(problems)
}

/** Line and column of an offset, both from 1. */
export function lineColumn(text: string, offset: number): string {
  const before = text.slice(0, offset)
  return `${before.split('\n').length}:${offset - before.lastIndexOf('\n')}`
}
