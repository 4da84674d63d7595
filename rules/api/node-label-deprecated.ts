import { type At, createKeyFilter, defineRule, type Fix, podSpecs, set } from '../../src/rule.ts'

export default defineRule({
  id: 'node-label-deprecated',
  category: 'api',
  severity: 'warning',
  presets: ['recommended', 'helm'],
  title: 'Old name of a label of nodes',
  why: `
    Kubernetes renamed these labels; nodes of newer clusters carry only the new names, so that pods which ask for the old ones
    stay Pending, and spreading by an old topology key does nothing.`,
  see: ['https://kubernetes.io/docs/reference/labels-annotations-taints/'],
  bad: `
    apiVersion: v1
    kind: Pod
    metadata:
      name: web
    spec:
      nodeSelector:
        beta.kubernetes.io/arch: amd64
      containers:
        - name: web
          image: registry.example.com/web:1.4.0
  `,
  good: `
    apiVersion: v1
    kind: Pod
    metadata:
      name: web
    spec:
      nodeSelector:
        kubernetes.io/arch: amd64
      containers:
        - name: web
          image: registry.example.com/web:1.4.0
  `,
  on: podSpecs,
  check(spec, ctx) {
    if (!mayPlace(spec)) return
    for (const label of spec.get('nodeSelector')?.each() ?? []) judge(label, String(label.key), 'key')
    for (const at of listNodeKeys(spec)) judge(at, at.text(), 'value')

    function judge(at: At, name: string | undefined, part: 'key' | 'value'): void {
      const successor = name === undefined ? undefined : SUCCESSORS.get(name)
      if (!successor) return
      const fixes: Fix[] =
        part === 'value' ? [{ title: `Use ${successor}`, safe: false, patch: set(at, successor) }] : []
      ctx.report(at, `node label "${name}" is deprecated; use "${successor}"`, { part, fixes })
    }
  },
})

const mayPlace = createKeyFilter(['nodeSelector', 'affinity', 'topologySpreadConstraints'])

const SUCCESSORS: ReadonlyMap<string, string> = new Map([
  ['beta.kubernetes.io/arch', 'kubernetes.io/arch'],
  ['beta.kubernetes.io/os', 'kubernetes.io/os'],
  ['beta.kubernetes.io/instance-type', 'node.kubernetes.io/instance-type'],
  ['failure-domain.beta.kubernetes.io/zone', 'topology.kubernetes.io/zone'],
  ['failure-domain.beta.kubernetes.io/region', 'topology.kubernetes.io/region'],
  ['node-role.kubernetes.io/master', 'node-role.kubernetes.io/control-plane'],
])

/** Places that name a label of nodes: node affinity, pod affinity and spreading. */
function* listNodeKeys(spec: At): Iterable<At> {
  const affinity = spec.get('affinity')
  const node = affinity?.get('nodeAffinity')
  const terms = [
    ...(node?.get('requiredDuringSchedulingIgnoredDuringExecution', 'nodeSelectorTerms')?.each() ?? []),
    ...[...(node?.get('preferredDuringSchedulingIgnoredDuringExecution')?.each() ?? [])].flatMap(
      it => it.get('preference') ?? [],
    ),
  ]
  for (const term of terms)
    for (const expression of term.get('matchExpressions')?.each() ?? []) {
      const key = expression.get('key')
      if (key) yield key
    }
  for (const field of ['podAffinity', 'podAntiAffinity']) {
    const pods = affinity?.get(field)
    for (const it of pods?.get('requiredDuringSchedulingIgnoredDuringExecution')?.each() ?? [])
      yield* [it.get('topologyKey') ?? []].flat()
    for (const it of pods?.get('preferredDuringSchedulingIgnoredDuringExecution')?.each() ?? [])
      yield* [it.get('podAffinityTerm', 'topologyKey') ?? []].flat()
  }
  for (const it of spec.get('topologySpreadConstraints')?.each() ?? [])
    yield* [it.get('topologyKey') ?? []].flat()
}
