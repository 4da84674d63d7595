/** Which file names are looked at. */
import { basename } from 'node:path'

const document = /\.(?:ya?ml|json)$/i
/** Large, and never manifests: reading them would cost more than all manifests beside them. */
const packageFiles = new Set(['package-lock.json', 'npm-shrinkwrap.json', 'pnpm-lock.yaml'])

/** YAML and JSON files, and kustomizations without an extension. */
export function isDocumentName(path: string): boolean {
  const name = basename(path)
  return name === 'Kustomization' || (document.test(name) && !packageFiles.has(name))
}

/** Folders that hold no manifests of this project. */
export const isLeftOut = (folder: string): boolean => folder === 'node_modules' || folder === '.git'

/** A chart as `helm package` makes it. */
export const isPackageName = (name: string): boolean => /\.(?:tgz|tar\.gz)$/i.test(name)
