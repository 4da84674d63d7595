/** `npm run gen [-- FOLDER]`: runs every generator. Those that need source data run only when its folder is given. */
import { generateCrds } from './gen/crds.ts'
import { generateKubernetes } from './gen/kubernetes.ts'

/** Each writes files and returns their paths; `folder` is the source data, if any is given. */
const generators: readonly ((folder: string | undefined) => readonly string[])[] = [
  folder => (folder ? generateKubernetes(folder) : []),
  folder => (folder ? generateCrds(folder) : []),
]

for (const generate of generators) for (const file of generate(process.argv[2])) console.log(file)
