/** Questions to the authorizer of a server. They are only checked: offline nobody answers them. */
import { builtin, type Overload } from '../functions.ts'
import { BOOL, objectOf, STRING, type Type } from '../types.ts'

const named = (name: string): Type => objectOf(`kubernetes.authorization.${name}`, new Map())

export const AUTHORIZER: Type = named('Authorizer')
export const RESOURCE_CHECK: Type = named('ResourceCheck')
const PATH_CHECK = named('PathCheck')
const GROUP_CHECK = named('GroupCheck')
const DECISION = named('Decision')

const method = (name: string, params: readonly Type[], result: Type): Overload => ({
  ...builtin(name, params, result),
  isMethod: true,
})

export const AUTHORIZATION_TYPES: readonly Type[] = [
  AUTHORIZER,
  PATH_CHECK,
  GROUP_CHECK,
  RESOURCE_CHECK,
  DECISION,
]

/** Since 1.27. */
export const authorization: readonly Overload[] = [
  method('path', [AUTHORIZER, STRING], PATH_CHECK),
  method('group', [AUTHORIZER, STRING], GROUP_CHECK),
  method('serviceAccount', [AUTHORIZER, STRING, STRING], AUTHORIZER),
  method('resource', [GROUP_CHECK, STRING], RESOURCE_CHECK),
  method('subresource', [RESOURCE_CHECK, STRING], RESOURCE_CHECK),
  method('namespace', [RESOURCE_CHECK, STRING], RESOURCE_CHECK),
  method('name', [RESOURCE_CHECK, STRING], RESOURCE_CHECK),
  method('check', [PATH_CHECK, STRING], DECISION),
  method('check', [RESOURCE_CHECK, STRING], DECISION),
  method('errored', [DECISION], BOOL),
  method('error', [DECISION], STRING),
  method('allowed', [DECISION], BOOL),
  method('reason', [DECISION], STRING),
]

/** Since 1.31. */
export const authorizationSelectors: readonly Overload[] = [
  method('fieldSelector', [RESOURCE_CHECK, STRING], RESOURCE_CHECK),
  method('labelSelector', [RESOURCE_CHECK, STRING], RESOURCE_CHECK),
]
