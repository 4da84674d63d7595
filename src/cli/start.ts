/** The built command begins here: what it loads after this comes compiled from the second run on, where Node can (22.1). */
import * as nodeModule from 'node:module'

/** Not in the types of the oldest Node that we support. Keeps to `NODE_DISABLE_COMPILE_CACHE` and the temporary folder. */
const { enableCompileCache } = nodeModule as { readonly enableCompileCache?: () => unknown }

enableCompileCache?.()
void import('./main.ts')
