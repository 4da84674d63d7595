/** The ports of all the pods that a Service takes: many Services may take the same ones. */
import { memo } from '../text/memo.ts'
import type { PodTemplate } from './pod-templates.ts'
import { isInjected, listPodPorts, type Port } from './ports.ts'
import { isServing } from './service-pods.ts'

export interface SelectedPorts {
  /** The templates whose pods serve. */
  readonly templates: readonly PodTemplate[]
  /** True when an admission webhook brings ports of some pods. */
  readonly isInjected: boolean
  /** True when some of the pods declare no port. */
  readonly hasSilent: boolean
  /** Of those with one number and protocol the first. */
  readonly ports: readonly Port[]
  /** Names of ports by protocol. */
  readonly names: ReadonlyMap<string, ReadonlySet<string>>
  /** Protocols of ports by number. */
  readonly protocols: ReadonlyMap<number, ReadonlySet<string>>
}

/** Looks at a list of templates once; selections of equal selectors share one. */
export const readSelectedPorts = memo((selected: readonly PodTemplate[]): SelectedPorts => {
  const templates = selected.filter(isServing)
  const names = new Map<string, Set<string>>()
  const protocols = new Map<number, Set<string>>()
  const offered = templates.map(it => listPodPorts(it.spec))
  const ports = new Map<string, Port>()
  for (const port of offered.flat()) {
    const { name, number, protocol } = port
    const key = `${number}/${protocol}`
    if (!ports.has(key)) ports.set(key, port)
    if (name) addTo(names, protocol, name)
    if (number !== undefined) addTo(protocols, number, protocol)
  }
  return {
    templates,
    isInjected: templates.some(isInjected),
    hasSilent: offered.some(it => it.length === 0),
    ports: [...ports.values()],
    names,
    protocols,
  }
})

function addTo<K>(sets: Map<K, Set<string>>, key: K, value: string): void {
  const set = sets.get(key)
  if (set) set.add(value)
  else sets.set(key, new Set([value]))
}
