/** Backends of Ingresses, in the shape of networking.k8s.io/v1 and in the flat one before it. */
import type { Resource } from '../kube/resource.ts'
import { memo } from '../text/memo.ts'
import type { At } from '../yaml/cursor.ts'

export interface IngressBackend {
  /** The value that holds the name of the Service. */
  readonly service: At
  /** A port number, or the name of a port of the Service; undefined when neither is written. */
  readonly port: At | undefined
}

/** The default backend and those of all rules that name a Service, in source order of the rules. */
export const listIngressBackends = memo((ingress: Resource): readonly IngressBackend[] => {
  const backends: IngressBackend[] = []
  const spec = ingress.root.get('spec')
  addBackend(spec?.get('defaultBackend') ?? spec?.get('backend'), backends)
  for (const rule of spec?.get('rules')?.each() ?? [])
    for (const path of rule.get('http', 'paths')?.each() ?? []) addBackend(path.get('backend'), backends)
  return backends
})

function addBackend(backend: At | undefined, backends: IngressBackend[]): void {
  const service = backend?.get('service', 'name')
  if (service) {
    const port = backend?.get('service', 'port')
    backends.push({ service, port: port?.get('name') ?? port?.get('number') })
    return
  }
  const flat = backend?.get('serviceName')
  if (flat) backends.push({ service: flat, port: backend?.get('servicePort') })
}
