/** Services by their own labels, as monitors select them: equal questions get one answer, worked out once. */
import type { Resource } from '../kube/resource.ts'
import { matchesSelector } from '../kube/values/label-selector.ts'
import { groupBy } from '../text/group-by.ts'
import { memo } from '../text/memo.ts'
import type { Graph } from './graph.ts'
import { keyOf, type PodSelector } from './pod-selector.ts'
import { readLabels } from './pod-templates.ts'

/** Undefined as a namespace: one that is not known. */
export type Namespaces = readonly (string | undefined)[] | 'any'

/** Services with the labels in one of the namespaces, or in one that is not known, in the order of the input. */
export const selectServices = (
  graph: Graph,
  selector: PodSelector,
  namespaces: Namespaces,
): readonly Resource[] => buildIndex(graph)(selector, namespaces)

/** Services whose namespace is this one, or as little known. */
export const listServices = (graph: Graph, namespace: string | undefined): readonly Resource[] =>
  groupByNamespace(graph).get(namespace) ?? NONE

const NONE: readonly Resource[] = []

const groupByNamespace = memo((graph: Graph) => groupBy(ofCore(graph), it => graph.namespaceOf(it)))

const ofCore = (graph: Graph): readonly Resource[] => graph.ofKind('Service').filter(it => it.group === '')

const labelsOf = memo(({ root }: Resource) => readLabels(root))

const buildIndex = memo((graph: Graph) => {
  const services = ofCore(graph)
  const byLabel = new Map<string, Resource[]>()
  for (const service of services)
    for (const [key, value] of labelsOf(service)) {
      const label = `${key}=${value}`
      const list = byLabel.get(label)
      if (list) list.push(service)
      else byLabel.set(label, [service])
    }
  const answers = new Map<string, readonly Resource[]>()
  return (selector: PodSelector, namespaces: Namespaces): readonly Resource[] => {
    const question = JSON.stringify([keyOf(selector), namespaces])
    let answer = answers.get(question)
    if (!answer) {
      let some: readonly Resource[] = services
      for (const { key, operator, values } of selector) {
        if (operator !== 'In' || values.length !== 1) continue
        const labelled = byLabel.get(`${key}=${values[0]}`) ?? NONE
        if (labelled.length < some.length) some = labelled
      }
      const isChosen = (namespace: string | undefined): boolean =>
        namespaces === 'any' || namespace === undefined || namespaces.includes(namespace)
      answer = some.filter(it => isChosen(graph.namespaceOf(it)) && matchesSelector(selector, labelsOf(it)))
      answers.set(question, answer)
    }
    return answer
  }
})
