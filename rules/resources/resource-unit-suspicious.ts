import {
  type At,
  defineRule,
  type Fix,
  findPodSpec,
  kind,
  listContainers,
  podKinds,
  readAmounts,
  set,
  toQuantity,
} from '../../src/rule.ts'

export default defineRule({
  id: 'resource-unit-suspicious',
  category: 'resources',
  severity: 'error',
  presets: ['recommended', 'reliability', 'helm'],
  title: 'Quantity makes no sense with its unit',
  why: `
    The quantity parses, so nobody complains, and it means something absurd: \`128m\` of memory is an eighth of a byte,
    \`512\` are 512 bytes, \`cpu: 500\` are five hundred cores. Memory is written with \`Ki\`, \`Mi\`, \`Gi\`; CPU in
    cores or with \`m\` for thousandths.`,
  see: [
    'https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/#resource-units-in-kubernetes',
    'https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/',
  ],
  bad: `
    apiVersion: v1
    kind: Pod
    metadata:
      name: web
    spec:
      containers:
        - name: web
          image: registry.example.com/web:1.4.0
          resources:
            requests:
              cpu: 250m
              memory: 256m
  `,
  good: `
    apiVersion: v1
    kind: Pod
    metadata:
      name: web
    spec:
      containers:
        - name: web
          image: registry.example.com/web:1.4.0
          resources:
            requests:
              cpu: 250m
              memory: 256Mi
  `,
  on: kind(...podKinds, 'PersistentVolumeClaim'),
  check(root, ctx) {
    const spec = findPodSpec(ctx.resource)
    checkResources(spec)
    for (const { at } of spec ? listContainers(spec) : []) checkResources(at)
    for (const claim of root.get('spec', 'volumeClaimTemplates')?.each() ?? [])
      checkResources(claim.get('spec'))
    if (ctx.resource.kind === 'PersistentVolumeClaim') checkResources(root.get('spec'))

    function checkResources(owner: At | undefined): void {
      if (!owner) return
      const { requests, limits } = readAmounts(owner)
      for (const amount of requests) checkAmount(amount)
      for (const amount of limits) checkAmount(amount)
    }

    function checkAmount(at: At): void {
      const judged = at.key === 'cpu' ? judgeCpu(at) : BYTES.has(String(at.key)) ? judgeBytes(at) : undefined
      if (!judged) return
      const { why, meant } = judged
      const fixes: Fix[] = meant ? [{ title: `Use ${meant}`, safe: false, patch: set(at, meant) }] : []
      ctx.report(
        at,
        `${at.key} of ${String(at.value)} is ${why}${meant ? `; did you mean "${meant}"?` : ''}`,
        {
          fixes,
        },
      )
    }
  },
})

interface Judgement {
  readonly why: string
  readonly meant?: string
}

const BYTES: ReadonlySet<string> = new Set(['memory', 'ephemeral-storage', 'storage'])
const NANO = 1_000_000_000n
/** Less than a mebibyte holds no process and no volume. */
const FEWEST_BYTES = 1024n * 1024n * NANO
/** Machines of this many cores exist; containers that ask for so many whole cores hardly do. */
const MANY_CORES = 100n * NANO
const BINARY = /[KMGTPE]i$/
const PLAIN = /^\d+$/

/** What nearly all manifests have, told without arithmetic. */
const USUAL_BYTES = /^[1-9][0-9]{0,6}[MGT]i?$/
const USUAL_CPU = /^(?:[1-9][0-9]?|[1-9][0-9]{0,3}m)$/

function judgeBytes(at: At): Judgement | undefined {
  if (USUAL_BYTES.test(at.text() ?? '')) return undefined
  const amount = toQuantity(at.value)
  if (!amount || amount.nano <= 0n || amount.nano >= FEWEST_BYTES) return undefined
  const text = String(at.value)
  if (text.endsWith('m')) return { why: 'thousandths of a byte', meant: `${text.slice(0, -1)}Mi` }
  if (PLAIN.test(text)) return { why: `${text} bytes`, meant: `${text}Mi` }
  return { why: 'less than a mebibyte' }
}

function judgeCpu(at: At): Judgement | undefined {
  if (USUAL_CPU.test(at.text() ?? '')) return undefined
  const amount = toQuantity(at.value)
  if (!amount || amount.nano <= 0n) return undefined
  const text = String(at.value)
  if (BINARY.test(text)) return { why: 'a number of cores with a unit of memory' }
  if (amount.nano >= MANY_CORES)
    return PLAIN.test(text) ? { why: `${text} cores`, meant: `${text}m` } : { why: 'a hundred cores or more' }
  return amount.nano < NANO / 1000n ? { why: 'less than a thousandth of a core' } : undefined
}
