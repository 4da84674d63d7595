/** Environment variables of containers (`ValidateEnv`, `ValidateEnvFrom`). */
import {
  checkConfigKey,
  checkDns1123Label,
  checkDns1123Subdomain,
  checkEnvVarName,
  checkRelaxedEnvVarName,
  type Faults,
  maskTrailingDash,
} from '../values/names.ts'
import { checkFieldRef, checkResourceFieldRef } from './downward.ts'
import { type Check, child, type Field, hidden, index, invalid, invalids, required } from './field.ts'
import { requireText } from './field-checks.ts'
import { isObj, type Obj, text } from './object.ts'
import type { PodRun } from './pod-run.ts'
import { checkNoBacksteps } from './volume-paths.ts'

const checkVariableName = (check: Check, name: string): Faults =>
  check.minor >= 32 ? checkRelaxedEnvVarName(name) : checkEnvVarName(name)

export function checkEnv(run: PodRun, variables: readonly Obj[], owner: Field): void {
  const { check } = run
  for (let at = 0; at < variables.length; at++) {
    const variable = variables[at]!
    const name = text(variable, 'name')
    if (name === '') required(check, child(index(child(owner, 'env'), at), 'name'))
    else {
      const faults = checkVariableName(check, name)
      if (faults.length > 0) invalids(check, child(index(child(owner, 'env'), at), 'name'), name, faults)
    }
    if (isObj(variable.valueFrom))
      checkValueFrom(check, variable, child(index(child(owner, 'env'), at), 'valueFrom'))
  }
}

/** `validateEnvVarValueFrom`. */
function checkValueFrom(check: Check, variable: Obj, field: Field): void {
  const source = variable.valueFrom as Obj
  let sources = 0
  if (isObj(source.fieldRef)) {
    sources++
    checkFieldRef(check, source.fieldRef, 'variable', child(field, 'fieldRef'))
  }
  if (isObj(source.resourceFieldRef)) {
    sources++
    checkResourceFieldRef(check, source.resourceFieldRef, 'variable', child(field, 'resourceFieldRef'))
  }
  for (const name of ['configMapKeyRef', 'secretKeyRef']) {
    const ref = source[name]
    if (!isObj(ref)) continue
    sources++
    checkKeyRef(check, ref, child(field, name))
  }
  const readsFiles = check.minor >= 35
  if (readsFiles && isObj(source.fileKeyRef)) {
    sources++
    checkFileKeyRef(check, source.fileKeyRef, child(field, 'fileKeyRef'))
  }
  if (sources === 0)
    invalid(
      check,
      field,
      '',
      readsFiles
        ? 'must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`'
        : 'must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef` or `secretKeyRef`',
    )
  else if (text(variable, 'value') !== '')
    invalid(check, field, '', 'may not be specified when `value` is not empty')
  else if (sources > 1) invalid(check, field, '', 'may not have more than one field specified at a time')
}

/** `validateConfigMapKeySelector`, `validateSecretKeySelector`: an empty name is no valid name. */
function checkKeyRef(check: Check, ref: Obj, field: Field): void {
  const name = text(ref, 'name')
  const faults = checkDns1123Subdomain(name)
  if (faults.length > 0) invalids(check, child(field, 'name'), name, faults)
  const key = requireText(check, ref, field, 'key')
  if (key === '') return
  const inKey = checkConfigKey(key)
  if (inKey.length > 0) invalids(check, child(field, 'key'), key, inKey)
}

/** `validateFileKeySelector`. */
function checkFileKeyRef(check: Check, ref: Obj, field: Field): void {
  const key = requireText(check, ref, field, 'key')
  if (key !== '') invalids(check, child(field, 'key'), key, checkRelaxedEnvVarName(key))
  const volume = requireText(check, ref, field, 'volumeName')
  if (volume !== '') invalids(check, child(field, 'volumeName'), volume, checkDns1123Label(volume))
  const path = requireText(check, ref, field, 'path')
  if (path !== '') checkNoBacksteps(check, path, child(field, 'path'))
}

/** Faults of the number of sources are reported at the list. */
export function checkEnvFrom(check: Check, sources: readonly Obj[], owner: Field): void {
  if (sources.length === 0) return
  const list = child(owner, 'envFrom')
  for (let at = 0; at < sources.length; at++) {
    const source = sources[at]!
    const field = index(list, at)
    const prefix = text(source, 'prefix')
    if (prefix !== '') invalids(check, child(field, 'prefix'), prefix, checkVariableName(check, prefix))
    let found = 0
    for (const name of ['configMapRef', 'secretRef']) {
      const ref = source[name]
      if (!isObj(ref)) continue
      found++
      const referred = requireText(check, ref, child(field, name), 'name')
      if (referred !== '')
        invalids(
          check,
          child(child(field, name), 'name'),
          referred,
          checkDns1123Subdomain(maskTrailingDash(referred)),
        )
    }
    if (found === 0)
      invalid(check, hidden(list, at), '', 'must specify one of: `configMapRef` or `secretRef`')
    else if (found > 1)
      invalid(check, hidden(list, at), '', 'may not have more than one field specified at a time')
  }
}
