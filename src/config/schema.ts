/** JSON Schema of plimsoll.yaml, made from the facts of the rules: editors complete by it, and the loader checks by it. */
import type { Json, JsonObject } from '../yaml/json.ts'
import { presets, type RuleInfo } from './catalogue.ts'

/** YAML 1.1 reads a bare `off` as false and `on` as true; editors that read YAML 1.2 see texts. */
const levels: readonly Json[] = ['error', 'warning', 'info', 'off', 'on', false, true]

export function buildConfigSchema(rules: readonly RuleInfo[], versions: readonly string[]): JsonObject {
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'plimsoll.yaml',
    description: 'Settings of plimsoll. The nearest file upward holds.',
    type: 'object',
    additionalProperties: false,
    properties: {
      extends: {
        description: 'Files that this one builds on, relative to it; what stands here wins.',
        ...oneOrMore({ type: 'string', minLength: 1 }),
      },
      kubernetes: {
        description: `The minor to check, or a range of minors. Known: ${versions[0]} to ${versions.at(-1)}.`,
        type: 'string',
        examples: [versions.at(-1) ?? '', `${versions.at(-3)}-${versions.at(-1)}`],
      },
      presets: { $ref: '#/definitions/presets' },
      rules: { $ref: '#/definitions/rules' },
      overrides: {
        description: 'Settings for some files; later ones win.',
        type: 'array',
        items: {
          type: 'object',
          required: ['files'],
          additionalProperties: false,
          properties: {
            files: {
              description: 'Globs, relative to this file.',
              ...oneOrMore({ type: 'string', minLength: 1 }),
            },
            presets: { $ref: '#/definitions/presets' },
            rules: { $ref: '#/definitions/rules' },
          },
        },
      },
      ...clusterProperties,
      ...inputProperties,
    },
    definitions: {
      level: {
        description: '`on`: the severity of the rule itself. `off`: not checked.',
        enum: levels,
      },
      presets: {
        description: 'Rules to switch on, by set.',
        type: 'array',
        items: { enum: presets },
      },
      rules: {
        description: 'Severity or options by rule; `*` in a name means many rules, and a longer name wins.',
        type: 'object',
        additionalProperties: false,
        patternProperties: { '\\*': { $ref: '#/definitions/level' } },
        properties: Object.fromEntries(rules.map(it => [it.id, buildRuleSchema(it)])),
      },
    },
  }
}

const oneOrMore = (item: JsonObject): JsonObject => ({
  anyOf: [item, { type: 'array', items: item, minItems: 1 }],
})

const paths = (description: string): JsonObject => ({
  description,
  type: 'array',
  items: { type: 'string', minLength: 1 },
})

const clusterProperties: JsonObject = {
  namespace: { description: 'Namespace of resources that name none.', type: 'string', minLength: 1 },
  closed: {
    description: 'Everything that is referred to is among the checked files, or listed as external.',
    type: 'boolean',
  },
  external: {
    description: 'Objects that exist in the cluster and not here; `*` in names means any text.',
    type: 'array',
    items: {
      type: 'object',
      required: ['kind', 'name'],
      additionalProperties: false,
      properties: {
        kind: { type: 'string', minLength: 1 },
        namespace: { type: 'string', minLength: 1 },
        name: { type: 'string', minLength: 1 },
      },
    },
  },
}

const inputProperties: JsonObject = {
  nodes: paths(
    'Files that describe the cluster to place pods on (`kubectl get nodes,pods -A -o json`), relative to this file.',
  ),
  policies: paths('Files and folders with policies, relative to this file.'),
  charts: {
    description: 'How to render charts, by their folder.',
    type: 'object',
    additionalProperties: {
      type: 'object',
      additionalProperties: false,
      properties: {
        values: paths('Values files, relative to the chart or to this file; each is one rendering.'),
        namespace: { type: 'string', minLength: 1 },
        release: {
          description: 'Name of the release; `schedule` knows its running pods by it.',
          type: 'string',
          pattern: '^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$',
          maxLength: 53,
        },
      },
    },
  },
}

function buildRuleSchema({ title, severity, options }: RuleInfo): JsonObject {
  const own = (options?.schema as JsonObject | undefined)?.properties as JsonObject | undefined
  return {
    description: `${title} (${severity})`,
    anyOf: [
      { $ref: '#/definitions/level' },
      {
        type: 'object',
        additionalProperties: false,
        properties: { severity: { $ref: '#/definitions/level' }, ...own },
      },
    ],
  }
}
