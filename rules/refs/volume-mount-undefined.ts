import {
  type At,
  defineRule,
  didYouMean,
  listContainers,
  podSpecs,
  quoteNames,
  type Resource,
  suggestName,
} from '../../src/rule.ts'

export default defineRule({
  id: 'volume-mount-undefined',
  category: 'refs',
  severity: 'error',
  presets: ['recommended', 'helm'],
  aboutAbsence: true,
  title: 'Mount names no volume of the pod',
  why: `
    Every \`volumeMounts\` and \`volumeDevices\` name must be that of a volume of the pod, or of a volumeClaimTemplate of
    its StatefulSet. The API server refuses the pod otherwise.`,
  see: ['https://kubernetes.io/docs/concepts/storage/volumes/#background'],
  bad: `
    apiVersion: v1
    kind: Pod
    metadata:
      name: web
    spec:
      containers:
        - name: web
          image: registry.example.com/web:1.4.0
          volumeMounts:
            - name: caches
              mountPath: /var/cache
      volumes:
        - name: cache
          emptyDir: {}
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
          volumeMounts:
            - name: cache
              mountPath: /var/cache
      volumes:
        - name: cache
          emptyDir: {}
  `,
  on: podSpecs,
  check(spec, ctx) {
    let volumes: ReadonlySet<string> | undefined
    for (const { at: container, name } of listContainers(spec))
      for (const field of ['volumeMounts', 'volumeDevices'])
        for (const mount of container.get(field)?.each() ?? []) {
          const at = mount.get('name')
          const wanted = at?.text()
          if (!at || !wanted) continue
          volumes ??= listVolumes(spec, ctx.resource)
          if (volumes.has(wanted)) continue
          const suggestion = suggestName(wanted, volumes)
          const list = spec.get('volumes')
          ctx.report(
            at,
            `container "${name}" mounts "${wanted}", which is no volume of the pod${didYouMean(suggestion)}`,
            {
              related: list
                ? [{ at: list, part: 'key', message: `volumes of the pod: ${quoteNames(volumes)}` }]
                : [],
            },
          )
        }
  },
})

function listVolumes(spec: At, { kind, root }: Resource): ReadonlySet<string> {
  const names = new Set<string>()
  for (const volume of spec.get('volumes')?.each() ?? []) names.add(volume.text('name') ?? '')
  for (const claim of (kind === 'StatefulSet' && root.get('spec', 'volumeClaimTemplates')?.each()) || [])
    names.add(claim.text('metadata', 'name') ?? '')
  return names
}
