/** `--schema-location`: templates of paths, read as kubeconform reads them, and `default`. */
import type { SchemaPlace } from '../engine/input.ts'
import { UserError } from '../host/user-error.ts'
import { parseLocation } from '../kube/schema/location.ts'

export const readSchemaPlaces = (templates: readonly string[]): SchemaPlace[] =>
  templates.map(template => {
    if (template === 'default') return 'default'
    if (/^[a-z][a-z0-9+.-]*:\/\//i.test(template))
      throw new UserError(
        `--schema-location ${template} is an address, and plimsoll connects nowhere`,
        'keep a copy of the schemas and name its path',
      )
    const location = parseLocation(template)
    if (typeof location === 'string') throw new UserError(`--schema-location ${location}`)
    return location
  })
