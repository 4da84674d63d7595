/** A bundler plugin that takes the long texts of rules out of what every run loads: a seventh of the code to compile. */
import { readFileSync } from 'node:fs'
import type { Plugin } from 'esbuild'
import type { BundledFile } from './split.ts'

const fileName = 'rule-texts.js'
const text = /^ {2}(why|bad|good): (`(?:[^`\\]|\\[\s\S])*`),$/gm

/** The plugin, and the file to which the texts go, complete once the bundle is built. */
export function lateTexts(): { readonly plugin: Plugin; readonly toFile: () => BundledFile } {
  const texts = new Map<string, string>()
  const plugin: Plugin = {
    name: 'late-texts',
    setup({ onLoad, onResolve }) {
      onResolve({ filter: new RegExp(`^\\./${fileName}$`) }, ({ path }) => ({ path, external: true }))
      onLoad({ filter: /[/\\]rules[/\\][^/\\]+[/\\][^/\\]+\.ts$/ }, ({ path }) => {
        const contents = readFileSync(path, 'utf8').replaceAll(text, (_, name: string, literal: string) => {
          const key = `t${texts.size}`
          texts.set(key, literal)
          return `  get ${name}() { return require('./${fileName}').${key} },`
        })
        return { contents, loader: 'ts' }
      })
    },
  }
  const toFile = () => {
    const entries = [...texts].map(([key, literal]) => `${key}:${literal}`)
    return { name: fileName, text: `module.exports={${entries.join(',\n')}}\n` }
  }
  return { plugin, toFile }
}
