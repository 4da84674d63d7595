/** Judges YAML texts against the packed schemas: the one check helper of this folder. */
import { existsSync, readFileSync } from 'node:fs'
import { listResources } from '../../src/kube/resource.ts'
import { openCatalog } from '../../src/kube/schema/catalog.ts'
import { type CustomResource, linkCrd } from '../../src/kube/schema/crd.ts'
import { pathBetween, type SchemaProblem } from '../../src/kube/schema/problem.ts'
import { buildSchemas, validate } from '../../src/kube/schema/schemas.ts'
import { formatPath, type Json } from '../../src/yaml/json.ts'
import { loadFullParser, parseSource } from '../../src/yaml/parse.ts'

const full = await loadFullParser()

export const catalog = openCatalog(name => (existsSync(name) ? readFileSync(name, 'utf8') : undefined))

export const parse = (text: string) => parseSource({ id: 'test.yaml', text }, full)![0]!

export interface Judged {
  readonly problem: SchemaProblem
  readonly path: string
}

/** All problems of the one resource in a text. */
export function judgeProblems(
  text: string,
  version = '1.36',
  crds: readonly CustomResource[] = [],
): Judged[] {
  const [resource] = listResources(parse(text))
  const { document, root, apiVersion, kind } = resource!
  const type = buildSchemas(catalog, crds).findType(version, apiVersion, kind)
  if (!type) throw new Error(`no schema for ${apiVersion} ${kind} in ${version}`)
  return validate(document.table, root.node, type).map(problem => ({
    problem,
    path: formatPath(pathBetween(document.table, root.node, problem.node)),
  }))
}

/** `unknown-field spec.replica`: one line a problem; a missing field stands behind the map that lacks it. */
export const judge = (text: string, version?: string, crds?: readonly CustomResource[]): string[] =>
  judgeProblems(text, version, crds).map(({ problem, path }) =>
    `${problem.code} ${path}${problem.code === 'required' ? `>${problem.field}` : ''}`.trim(),
  )

/** A definition of kind Thing in example.com/v1 with this schema for `spec`. */
export function thing(spec: Json, more: { readonly [key: string]: Json } = {}): CustomResource {
  return linkCrd({
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    spec: {
      group: 'example.com',
      scope: 'Namespaced',
      names: { plural: 'things', kind: 'Thing' },
      versions: [
        {
          name: 'v1',
          served: true,
          schema: { openAPIV3Schema: { type: 'object', properties: { spec, ...(more.root as object) } } },
          ...(more.version as object),
        },
      ],
    },
  })!
}

/** Problems of a Thing with this spec. */
export const judgeSpec = (schema: Json, spec: string): string[] =>
  judge(`apiVersion: example.com/v1\nkind: Thing\nmetadata: {name: a}\nspec: ${spec}\n`, '1.36', [
    thing(schema),
  ])
