/** What to write instead of an API version that goes. */
import type { Apis } from './apis.ts'
import type { Resource } from './resource.ts'

export interface Api {
  readonly apiVersion: string
  readonly kind: string
}

/** What the API's own record names where all checked minors serve it, else the first stable version of the kind. */
export function findSuccessor({ group, kind, apiVersion }: Resource, apis: Apis): Api | undefined {
  const recorded = apis.findStatus(apiVersion, kind)?.replacement
  const stable = { apiVersion: group === '' ? 'v1' : `${group}/v1`, kind }
  const isServed = (api: Api): boolean =>
    api.apiVersion !== apiVersion &&
    apis.findStatus(api.apiVersion, api.kind)?.known.length === apis.versions.length
  if (recorded?.kind === kind && isServed(recorded)) return recorded
  return isServed(stable) ? stable : recorded
}

/** `; use policy/v1`, with the kind when that changes too. */
export function formatSuccessor(successor: Api | undefined, kind: string): string {
  if (!successor) return ''
  return `; use ${successor.apiVersion}${successor.kind === kind ? '' : ` ${successor.kind}`}`
}
