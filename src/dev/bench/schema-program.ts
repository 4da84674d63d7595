/** Prints the rows about reading and judging manifests as JSON. */
import { listRows } from './schema.ts'

process.stdout.write(JSON.stringify(listRows()))
