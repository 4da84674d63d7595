import { type At, type ChartContext, defineChartRule } from '../../src/rule.ts'

export default defineChartRule({
  id: 'helm-metadata-incomplete',
  category: 'helm',
  severity: 'info',
  presets: ['helm'],
  title: 'Chart.yaml does not say what users look for',
  why: `
    Catalogues show the description and the icon of a chart, and users turn to its maintainers. \`helm lint\` asks for an
    icon and for proper addresses, chart-testing for maintainers.`,
  see: ['https://helm.sh/docs/topics/charts/#the-chartyaml-file'],
  bad: `
    # Chart.yaml
    apiVersion: v2
    name: shop
    version: 1.0.0
    description: Sells things
    icon: https://example.com/shop.svg
  `,
  good: `
    # Chart.yaml
    apiVersion: v2
    name: shop
    version: 1.0.0
    description: Sells things
    icon: https://example.com/shop.svg
    maintainers:
      - name: ada
        email: ada@example.com
  `,
  check({ about }, ctx) {
    if (!about?.isMap) return
    const isLibrary = about.get('type')?.value === 'library'
    const wanted = ['description', ...(isLibrary ? [] : ['icon']), 'maintainers']
    const absent = wanted.filter(it => isEmpty(about.get(it)))
    if (absent.length > 0)
      ctx.report(about.get('name') ?? about, `Chart.yaml has no ${absent.join(', no ')}`, { part: 'pair' })
    checkAddresses(about, ctx)
    for (const it of about.get('maintainers')?.each() ?? []) checkMaintainer(it, ctx)
  },
})

function checkAddresses(about: At, ctx: ChartContext): void {
  const sources = about.get('sources')
  for (const at of [about.get('home'), about.get('icon'), ...(sources?.each() ?? [])])
    if (at && typeof at.value === 'string' && at.value !== '' && !isAddress(at.value))
      ctx.report(at, `"${at.value}" is no address, which begins with https://`)
}

function checkMaintainer(it: At, ctx: ChartContext): void {
  if (!it.isMap) return
  if (isEmpty(it.get('name'))) ctx.report(it, 'this maintainer has no name')
  const [email, url] = [it.get('email'), it.get('url')]
  if (typeof email?.value === 'string' && !/^\S+@\S+$/.test(email.value))
    ctx.report(email, `"${email.value}" is no e-mail address`)
  if (typeof url?.value === 'string' && !isAddress(url.value))
    ctx.report(url, `"${url.value}" is no address, which begins with https://`)
}

const isEmpty = (at: At | undefined): boolean =>
  !at || at.value === null || at.value === '' || (at.isList && at.each().length === 0)

/** Icons may be pictures within the text. */
const isAddress = (text: string): boolean => /^(?:[a-z][a-z0-9+.-]*:\/\/\S+|data:\S+)$/i.test(text)
