/** A .vsix: a zip by the Open Packaging Conventions, with what VS Code reads before it unpacks the extension. */
import { readdirSync, readFileSync } from 'node:fs'
import { join, posix, relative } from 'node:path'
import { type Zippable, zipSync } from 'fflate'

interface Manifest {
  readonly name: string
  readonly displayName: string
  readonly publisher: string
  readonly version: string
  readonly description: string
  readonly icon: string
  readonly categories: readonly string[]
  readonly keywords: readonly string[]
  readonly extensionKind: readonly string[]
  readonly engines: { readonly vscode: string }
}

/** Media types of all files that a package may hold; another one is a mistake. */
const mediaTypes: Readonly<Record<string, string>> = {
  '.cjs': 'application/javascript',
  '.js': 'application/javascript',
  '.json': 'application/json',
  '.md': 'text/markdown',
  '.png': 'image/png',
  '.txt': 'text/plain',
  '.vsixmanifest': 'text/xml',
}

/** Equal files give equal bytes: zip entries carry no times. */
export function packExtension(dist: string): Uint8Array {
  const manifest = JSON.parse(readFileSync('extension/package.json', 'utf8')) as Manifest
  const files: Record<string, Uint8Array> = {
    'extension.vsixmanifest': encode(formatManifest(manifest)),
    [contentTypes]: encode(formatContentTypes()),
    'extension/LICENSE.txt': readFileSync('LICENSE'),
  }
  for (const file of ['package.json', 'README.md', manifest.icon])
    files[`extension/${file}`] = readFileSync(`extension/${file}`)
  for (const file of listFiles(dist)) files[`extension/dist/${file}`] = readFileSync(join(dist, file))
  const odd = Object.keys(files).find(it => it !== contentTypes && !(posix.extname(it) in mediaTypes))
  if (odd !== undefined) throw new Error(`${odd} does not belong into the package`)
  const entries = Object.entries(files).map(([name, bytes]) => [name, [bytes, { mtime: epoch }]])
  return zipSync(Object.fromEntries(entries) as Zippable, { level: 9 })
}

const contentTypes = '[Content_Types].xml'

/** The first date that zip can express, in any time zone. */
const epoch = '1980-01-02T00:00:00'

const encode = (text: string): Uint8Array => new TextEncoder().encode(text)

const listFiles = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(it => it.isFile())
    .map(it => relative(folder, join(it.parentPath, it.name)).replaceAll('\\', '/'))
    .sort()

const formatContentTypes = (): string => `<?xml version="1.0" encoding="utf-8"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
${Object.entries(mediaTypes)
  .map(([extension, type]) => `  <Default Extension="${extension}" ContentType="${type}"/>`)
  .join('\n')}
</Types>
`

const formatManifest = (it: Manifest): string => `<?xml version="1.0" encoding="utf-8"?>
<PackageManifest Version="2.0.0" xmlns="http://schemas.microsoft.com/developer/vsx-schema/2011" xmlns:d="http://schemas.microsoft.com/developer/vsx-schema-design/2011">
  <Metadata>
    <Identity Language="en-US" Id="${escapeXml(it.name)}" Version="${escapeXml(it.version)}" Publisher="${escapeXml(it.publisher)}"/>
    <DisplayName>${escapeXml(it.displayName)}</DisplayName>
    <Description xml:space="preserve">${escapeXml(it.description)}</Description>
    <Tags>${escapeXml(it.keywords.join(','))}</Tags>
    <Categories>${escapeXml(it.categories.join(','))}</Categories>
    <GalleryFlags>Public</GalleryFlags>
    <Properties>
      <Property Id="Microsoft.VisualStudio.Code.Engine" Value="${escapeXml(it.engines.vscode)}"/>
      <Property Id="Microsoft.VisualStudio.Code.ExtensionDependencies" Value=""/>
      <Property Id="Microsoft.VisualStudio.Code.ExtensionPack" Value=""/>
      <Property Id="Microsoft.VisualStudio.Code.ExtensionKind" Value="${escapeXml(it.extensionKind.join(','))}"/>
      <Property Id="Microsoft.VisualStudio.Code.ExecutesCode" Value="true"/>
      <Property Id="Microsoft.VisualStudio.Services.GitHubFlavoredMarkdown" Value="true"/>
    </Properties>
    <License>extension/LICENSE.txt</License>
    <Icon>extension/${escapeXml(it.icon)}</Icon>
  </Metadata>
  <Installation>
    <InstallationTarget Id="Microsoft.VisualStudio.Code"/>
  </Installation>
  <Dependencies/>
  <Assets>
    <Asset Type="Microsoft.VisualStudio.Code.Manifest" Path="extension/package.json" Addressable="true"/>
    <Asset Type="Microsoft.VisualStudio.Services.Content.Details" Path="extension/README.md" Addressable="true"/>
    <Asset Type="Microsoft.VisualStudio.Services.Content.License" Path="extension/LICENSE.txt" Addressable="true"/>
    <Asset Type="Microsoft.VisualStudio.Services.Icons.Default" Path="extension/${escapeXml(it.icon)}" Addressable="true"/>
  </Assets>
</PackageManifest>
`

const escapeXml = (text: string): string => text.replaceAll(/[<>&"]/g, it => `&#${it.charCodeAt(0)};`)
