/** Builds the VS Code extension: `npm run vsix` writes `plimsoll-<version>.vsix`. */
import { writeFileSync } from 'node:fs'
import { version } from '../cli/version.ts'
import { bundleExtension } from './vsix/bundle.ts'
import { drawIcon } from './vsix/icon.ts'
import { packExtension } from './vsix/package.ts'

writeFileSync('extension/icon.png', drawIcon())
await bundleExtension('extension/dist')
const bytes = packExtension('extension/dist')
const file = `plimsoll-${version}.vsix`
writeFileSync(file, bytes)
console.log(`${file}  ${Math.round(bytes.length / 1024)} KiB`)
