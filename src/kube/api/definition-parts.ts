/**
 * The parts of a definition that its versions share: as the server reads them, what is the same in all versions stands
 * at the top (`Convert_v1_CustomResourceDefinitionSpec_To_apiextensions_CustomResourceDefinitionSpec`), and so messages
 * name it there.
 */
import { child, type Field, hidden, index, renamed } from './field.ts'
import { isObj, type Obj, objects } from './object.ts'
import { isSame } from './semantic-equal.ts'

/** What a version says, or all of them do. */
export interface Parts {
  /** `openAPIV3Schema` and what stands around it. */
  readonly validation: Placed<Obj> | undefined
  readonly subresources: Placed<Obj> | undefined
  readonly columns: Placed<readonly Obj[]>
  readonly selectable: Placed<readonly Obj[]>
}

export interface Placed<T> {
  readonly value: T
  readonly field: Field
}

export interface SharedParts {
  readonly shared: Parts
  /** By version: what is not shared. */
  readonly own: readonly Parts[]
}

const NAMES = ['schema', 'subresources', 'additionalPrinterColumns', 'selectableFields'] as const
type Name = (typeof NAMES)[number]

export function shareParts(versions: readonly Obj[], spec: Field): SharedParts {
  const [first] = versions
  const isShared = (name: Name): boolean => versions.every(it => isSamePart(it[name], first?.[name]))
  const shared = new Set<Name>(first ? NAMES.filter(isShared) : [])
  const list = child(spec, 'versions')
  return {
    shared: toParts(
      first ?? NOTHING,
      name => topField(spec, name),
      name => shared.has(name),
    ),
    own: versions.map((it, at) =>
      toParts(
        it,
        name => child(index(list, at), name),
        name => !shared.has(name),
      ),
    ),
  }
}

const NOTHING: Obj = Object.freeze(Object.create(null) as Obj)

/** A pointer that is set is another thing than one that is not, whatever it points to. */
const isSamePart = (left: unknown, right: unknown): boolean =>
  isObj(left) === isObj(right) && isSame(left, right)

/** The schema of all versions is called `validation`; in the document it stands in the first one. */
function topField(spec: Field, name: Name): Field {
  const first = hidden(hidden(spec, 'versions'), 0)
  return renamed(first, name === 'schema' ? 'validation' : name, name)
}

function toParts(version: Obj, place: (name: Name) => Field, has: (name: Name) => boolean): Parts {
  const part = (name: Name): Placed<Obj> | undefined => {
    const value = version[name]
    return has(name) && isObj(value) ? { value, field: place(name) } : undefined
  }
  const items = (name: Name): Placed<readonly Obj[]> => ({
    value: has(name) ? objects(version, name) : [],
    field: place(name),
  })
  return {
    validation: part('schema'),
    subresources: part('subresources'),
    columns: items('additionalPrinterColumns'),
    selectable: items('selectableFields'),
  }
}
