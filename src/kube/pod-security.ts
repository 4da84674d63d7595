/**
 * What the Pod Security Standards look at, as Pod Security admission reads it (k8s.io/pod-security-admission/policy):
 * the pod and each of its containers, and from which minor on a control holds.
 */
import type { At } from '../yaml/cursor.ts'
import { listContainers } from './pods.ts'
import { toMinor } from './schema/minors.ts'

/** The pod or one of its containers. */
export interface Secured {
  /** The pod spec, or the container. */
  readonly at: At
  /** Its `securityContext`. */
  readonly context: At | undefined
  /** `the pod`, `container "web"`. */
  readonly name: string
  /** What to point at when a setting is missing: the `securityContext`, else the name of the container. */
  readonly place: At
}

/** The pod first, then all its containers. */
export const listSecured = (spec: At): Secured[] => [
  toSecured(spec, 'the pod'),
  ...listContainers(spec).map(({ at, name }) => toSecured(at, `container "${name}"`)),
]

function toSecured(at: At, name: string): Secured {
  const context = toContext(at)
  return { at, context, name, place: context ?? at.get('name') ?? at }
}

const toContext = (at: At): At | undefined => {
  const context = at.get('securityContext')
  return context?.isMap ? context : undefined
}

/** The minors from this one on: 34. */
export const sinceMinor = (versions: readonly string[], minor: number): string[] =>
  versions.filter(it => toMinor(it)! >= minor)

/** The minors before this one. */
export const beforeMinor = (versions: readonly string[], minor: number): string[] =>
  versions.filter(it => toMinor(it)! < minor)

/** A pod for Windows, which has no seccomp, capabilities or privilege escalation to speak of. */
export const isForWindows = (spec: At): boolean => spec.text('os', 'name') === 'windows'

/** Root inside a user namespace is nobody outside of it (KEP-127). */
export const hasUserNamespace = (spec: At): boolean => spec.get('hostUsers')?.value === false

/** The capabilities that container runtimes give by themselves, NET_RAW left out. */
export const DEFAULT_CAPABILITIES: ReadonlySet<string> = new Set([
  'AUDIT_WRITE',
  'CHOWN',
  'DAC_OVERRIDE',
  'FOWNER',
  'FSETID',
  'KILL',
  'MKNOD',
  'NET_BIND_SERVICE',
  'SETFCAP',
  'SETGID',
  'SETPCAP',
  'SETUID',
  'SYS_CHROOT',
])

/** `RuntimeDefault` and `Localhost`, of seccomp and of AppArmor. */
export const isConfined = (type: string | undefined): boolean =>
  type === 'RuntimeDefault' || type === 'Localhost'
