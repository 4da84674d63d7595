/** JSON Schemas that users point to with `--schema-location`. Loaded only with such a location: it brings ajv along. */
import { compileJsonSchema, type JsonSchemaType, listReferences } from '../kube/schema/json-schema.ts'
import { expandLocation, type SchemaLocation } from '../kube/schema/location.ts'
import type { Json } from '../yaml/json.ts'
import type { ReadAsset, SchemaPlace } from './input.ts'

export interface UserSchemas {
  /**
   * What the first location that knows the kind says of it: a schema of the user's, or `default` for ours. Undefined
   * when no location knows it.
   */
  find(
    version: string,
    apiVersion: string,
    kind: string,
    hasDefault: boolean,
  ): JsonSchemaType | 'default' | undefined
  /** Files that are no schemas, by path, and why. */
  readonly problems: ReadonlyMap<string, string>
}

/** `read` gives the text of a file, or undefined when there is none. */
export function openUserSchemas(places: readonly SchemaPlace[], read: ReadAsset): UserSchemas {
  const compiled = new Map<string, JsonSchemaType | undefined>()
  const problems = new Map<string, string>()

  function load(path: string): JsonSchemaType | undefined {
    if (compiled.has(path)) return compiled.get(path)
    const schema = readSchema(path)
    const type = schema === undefined ? undefined : compile(path, schema)
    compiled.set(path, type)
    return type
  }

  function readSchema(path: string): Json | undefined {
    const text = read(path)
    if (text === undefined) return undefined
    try {
      return JSON.parse(text) as Json
    } catch (error) {
      problems.set(path, `no JSON: ${(error as Error).message}`)
      return undefined
    }
  }

  function compile(path: string, schema: Json): JsonSchemaType | undefined {
    const others = new Map<string, Json>()
    const wanted = listReferences(schema, path)
    for (let id = wanted.pop(); id !== undefined; id = wanted.pop()) {
      if (others.has(id) || id === path) continue
      const other = readSchema(id)
      if (other === undefined) continue
      others.set(id, other)
      wanted.push(...listReferences(other, id))
    }
    const type = compileJsonSchema(path, schema, others)
    if (typeof type !== 'string') return type
    problems.set(path, type)
    return undefined
  }

  return {
    problems,
    find(version, apiVersion, kind, hasDefault) {
      for (const place of places) {
        if (place === 'default') {
          if (hasDefault) return 'default'
          continue
        }
        const type = load(pathOf(place, version, apiVersion, kind))
        if (type) return type
      }
      return undefined
    },
  }
}

const pathOf = (place: SchemaLocation, version: string, apiVersion: string, kind: string): string =>
  expandLocation(place, { version, apiVersion, kind, mode: 'strict' })
