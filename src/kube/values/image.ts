/** Image references: registry, repository, tag and digest, as container runtimes normalise them. */

export interface Image {
  /** `docker.io` when the reference names none. */
  readonly registry: string
  /** Path below the registry; official images of Docker Hub stand below `library/`. */
  readonly repository: string
  /** As written; undefined when there is none. */
  readonly tag: string | undefined
  /** `sha256:…`; undefined when there is none. */
  readonly digest: string | undefined
}

const COMPONENT = '[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*'
const HOST =
  '(?:(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])(?:\\.(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9]))*|\\[[a-fA-F0-9:]+\\])(?::[0-9]+)?'
const HOST_RE = new RegExp(`^${HOST}$`)
const PATH_RE = new RegExp(`^${COMPONENT}(?:/${COMPONENT})*$`)
const TAG_RE = /^[\w][\w.-]{0,127}$/
const DIGEST_RE = /^[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}$/

/** The parts of a reference (`distribution/reference.ParseNormalizedNamed`); undefined when it is malformed. */
export function toImage(reference: string): Image | undefined {
  const at = reference.indexOf('@')
  const digest = at < 0 ? undefined : reference.slice(at + 1)
  if (digest !== undefined && !DIGEST_RE.test(digest)) return undefined
  const named = at < 0 ? reference : reference.slice(0, at)
  // A colon behind the last slash begins the tag; one before it belongs to the port of the registry.
  const colon = named.lastIndexOf(':')
  const hasTag = colon > named.lastIndexOf('/')
  const tag = hasTag ? named.slice(colon + 1) : undefined
  if (tag !== undefined && !TAG_RE.test(tag)) return undefined
  const name = hasTag ? named.slice(0, colon) : named
  const { registry, repository } = splitRegistry(name)
  if (!HOST_RE.test(registry) || !PATH_RE.test(repository) || repository.length > 255) return undefined
  return { registry, repository, tag, digest }
}

function splitRegistry(name: string): { registry: string; repository: string } {
  const slash = name.indexOf('/')
  const first = slash < 0 ? '' : name.slice(0, slash)
  const isHost =
    first === 'localhost' || /[.:]/.test(first) || (first !== '' && first.toLowerCase() !== first)
  if (!isHost) {
    const repository = slash < 0 ? `library/${name}` : name
    return { registry: 'docker.io', repository }
  }
  const rest = name.slice(slash + 1)
  if (first !== 'docker.io' && first !== 'index.docker.io') return { registry: first, repository: rest }
  return { registry: 'docker.io', repository: rest.includes('/') ? rest : `library/${rest}` }
}

/** The tag that a runtime pulls: `latest` when neither tag nor digest is written. */
export const effectiveTag = (image: Image): string | undefined =>
  image.tag ?? (image.digest === undefined ? 'latest' : undefined)

/** `parsers.ParseImageName` as defaulting uses it: whether the pull policy defaults to `Always`. */
export function isLatest(reference: string): boolean {
  const image = toImage(reference)
  return image !== undefined && effectiveTag(image) === 'latest'
}
