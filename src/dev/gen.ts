/**
 * `npm run gen [-- FOLDER]`: writes everything that is derived. Schema data comes from a folder of source data and is
 * written only when that is given; the rest comes from the rules and the code.
 */
import { generateCrds } from './gen/crds.ts'
import { deriveAll } from './gen/derive.ts'
import { generateKubernetes } from './gen/kubernetes.ts'

const folder = process.argv[2]
const written = folder ? [...generateKubernetes(folder), ...generateCrds(folder)] : []
written.push(...(await deriveAll()))
for (const path of written) console.log(path)
