/** Ports of pods and Services, as the endpoint controller and Ingress controllers look them up. */
import { listContainers } from '../kube/pods.ts'
import type { Resource } from '../kube/resource.ts'
import { memo } from '../text/memo.ts'
import type { At } from '../yaml/cursor.ts'
import type { PodTemplate } from './pod-templates.ts'

/** A port of a container or of a Service. */
export interface Port {
  readonly at: At
  readonly name: string | undefined
  readonly number: number | undefined
  readonly protocol: string
}

/** Ports of the containers that run as long as the pod: main ones and native sidecars (`FindPort` in podutils). */
export const listPodPorts = memo((podSpec: At): readonly Port[] =>
  listContainers(podSpec).flatMap(({ at, role }) =>
    role === 'main' || role === 'sidecar' ? listContainerPorts(at) : [],
  ),
)

/** True when an admission webhook replaces containers of the pods, as in gateways of Istio: their ports are its own. */
export const isInjected = ({ at }: PodTemplate): boolean =>
  ['annotations', 'labels'].some(it => at.get('metadata', it, 'inject.istio.io/templates') !== undefined)

/** Ports of one container. */
export const listContainerPorts = (container: At): readonly Port[] =>
  readPorts(container.get('ports'), 'containerPort')

/** Ports of a Service. */
export const listServicePorts = memo((service: Resource): readonly Port[] =>
  readPorts(service.root.get('spec', 'ports'), 'port'),
)

/** Ports of the Services that one name leads to. */
export interface OfferedPorts {
  readonly ports: readonly Port[]
  readonly numbers: ReadonlySet<number | undefined>
  readonly names: ReadonlySet<string | undefined>
  /** True when one of the Services has no ports, as those of type ExternalName. */
  readonly hasPortless: boolean
}

/** Looks at a list of Services once; all who ask for one name share it. */
export const readOfferedPorts = memo((services: readonly Resource[]): OfferedPorts => {
  const ports = services.flatMap(listServicePorts)
  return {
    ports,
    numbers: new Set(ports.map(it => it.number)),
    names: new Set(ports.map(it => it.name)),
    hasPortless: services.some(it => listServicePorts(it).length === 0),
  }
})

function readPorts(list: At | undefined, field: string): Port[] {
  const ports: Port[] = []
  for (const at of list?.each() ?? []) ports.push(readPort(at, field))
  return ports
}

function readPort(at: At, field: string): Port {
  const number = at.get(field)?.value
  return {
    at,
    name: at.text('name') || undefined,
    number: typeof number === 'number' ? number : undefined,
    protocol: at.text('protocol') || 'TCP',
  }
}
