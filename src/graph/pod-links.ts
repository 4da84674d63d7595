/** What pods refer to: ConfigMaps, Secrets, claims, the service account, classes. */
import { findPodSpec, listContainers } from '../kube/pods.ts'
import type { Resource } from '../kube/resource.ts'
import type { At } from '../yaml/cursor.ts'
import { createKeyFilter } from './key-filter.ts'
import { type Link, type LinkDetails, type Relation, type Target, toLink } from './link.ts'

const CONFIG_MAP: Target = { kind: 'ConfigMap' }
const SECRET: Target = { kind: 'Secret' }
const CLAIM: Target = { kind: 'PersistentVolumeClaim' }

const mayReadEnv = createKeyFilter(['valueFrom', 'envFrom'])
const mayRefer = createKeyFilter([
  'valueFrom',
  'envFrom',
  'volumes',
  'imagePullSecrets',
  'serviceAccountName',
  'serviceAccount',
  'priorityClassName',
  'runtimeClassName',
])

/** All links of the pod spec of a resource, in no particular order; nothing when it has none. */
export function listPodLinks(resource: Resource): Link[] {
  const spec = findPodSpec(resource)
  if (!spec?.isMap || !mayRefer(spec)) return []
  const links: Link[] = []
  for (const { at } of listContainers(spec)) if (mayReadEnv(at)) addEnvLinks(at, links)
  const replaced = listReplacedVolumes(resource)
  for (const volume of spec.get('volumes')?.each() ?? [])
    if (!replaced.has(volume.text('name') ?? '')) addVolumeLinks(volume, links)
  for (const secret of spec.get('imagePullSecrets')?.each() ?? [])
    add(links, secret.get('name'), 'pulls-with', SECRET)
  add(links, spec.get('serviceAccountName') ?? spec.get('serviceAccount'), 'runs-as', {
    kind: 'ServiceAccount',
  })
  add(links, spec.get('priorityClassName'), 'runs-in', {
    group: 'scheduling.k8s.io',
    kind: 'PriorityClass',
    namespace: '',
  })
  add(links, spec.get('runtimeClassName'), 'runs-in', {
    group: 'node.k8s.io',
    kind: 'RuntimeClass',
    namespace: '',
  })
  return links
}

/** Names of volumes in whose place a StatefulSet puts claims of its own (`updateStorage` in stateful_set_utils.go). */
function listReplacedVolumes({ kind, group, root }: Resource): ReadonlySet<string> {
  const names = new Set<string>()
  if (kind !== 'StatefulSet' || group !== 'apps') return names
  for (const claim of root.get('spec', 'volumeClaimTemplates')?.each() ?? []) {
    const name = claim.text('metadata', 'name')
    if (name) names.add(name)
  }
  return names
}

function addEnvLinks(container: At, links: Link[]): void {
  for (const variable of container.get('env')?.each() ?? []) {
    const from = variable.get('valueFrom')
    if (!from) continue
    const map = from.get('configMapKeyRef')
    if (map) addKeyRef(map, CONFIG_MAP, links)
    const secret = from.get('secretKeyRef')
    if (secret) addKeyRef(secret, SECRET, links)
  }
  for (const source of container.get('envFrom')?.each() ?? []) {
    const map = source.get('configMapRef')
    if (map) add(links, map.get('name'), 'reads', CONFIG_MAP, { optional: isOptional(map) })
    const secret = source.get('secretRef')
    if (secret) add(links, secret.get('name'), 'reads', SECRET, { optional: isOptional(secret) })
  }
}

function addKeyRef(ref: At, target: Target, links: Link[]): void {
  const key = ref.get('key')
  add(links, ref.get('name'), 'reads', target, { keys: key ? [key] : [], optional: isOptional(ref) })
}

function addVolumeLinks(volume: At, links: Link[]): void {
  for (const source of volume.each()) {
    switch (source.key) {
      case 'configMap':
        addItems(source, source.get('name'), CONFIG_MAP, links)
        break
      case 'secret':
        addItems(source, source.get('secretName'), SECRET, links)
        break
      case 'projected':
        for (const it of source.get('sources')?.each() ?? []) {
          const map = it.get('configMap')
          if (map) addItems(map, map.get('name'), CONFIG_MAP, links)
          const secret = it.get('secret')
          if (secret) addItems(secret, secret.get('name'), SECRET, links)
        }
        break
      case 'persistentVolumeClaim':
        add(links, source.get('claimName'), 'claims', CLAIM)
        break
      case 'csi':
        add(links, source.get('nodePublishSecretRef', 'name'), 'mounts', SECRET)
        break
      case 'azureFile':
        add(links, source.get('secretName'), 'mounts', SECRET)
        break
      case 'cephfs':
      case 'rbd':
      case 'flexVolume':
      case 'iscsi':
      case 'scaleIO':
      case 'storageos':
        add(links, source.get('secretRef', 'name'), 'mounts', SECRET)
        break
    }
  }
}

function addItems(source: At, name: At | undefined, target: Target, links: Link[]): void {
  const keys: At[] = []
  for (const item of source.get('items')?.each() ?? []) {
    const key = item.get('key')
    if (key) keys.push(key)
  }
  add(links, name, 'mounts', target, { keys, optional: isOptional(source) })
}

const isOptional = (ref: At): boolean => ref.get('optional')?.value === true

function add(
  links: Link[],
  at: At | undefined,
  relation: Relation,
  target: Target,
  details?: LinkDetails,
): void {
  const link = toLink(at, relation, target, details)
  if (link) links.push(link)
}
