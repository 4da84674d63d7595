/** What plimsoll's package says about itself. */
import manifest from '../../package.json' with { type: 'json' }

const { version, homepage }: { readonly version: string; readonly homepage?: string } = manifest

export { homepage, version }
