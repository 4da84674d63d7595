import { containers, defineRule, effectiveTag, isHelmHook, toImage } from '../../src/rule.ts'

export default defineRule({
  id: 'image-tag-mutable',
  category: 'reliability',
  severity: 'warning',
  presets: ['recommended', 'reliability'],
  scope: 'graph',
  aboutAbsence: true,
  title: 'Image has no fixed version',
  why: `
    Without a tag, or with one that moves, the same manifest runs other code after every restart: replicas differ from
    each other, and a rollback brings nothing back. Name a version, or pin the image by digest. Images that a skaffold.yaml
    builds get their tag from it.`,
  see: [
    'https://kubernetes.io/docs/concepts/containers/images/#image-names',
    'https://kubernetes.io/docs/concepts/configuration/overview/',
  ],
  bad: `
    apiVersion: v1
    kind: Pod
    metadata:
      name: web
    spec:
      containers:
        - name: web
          image: registry.example.com/web:latest
  `,
  good: `
    apiVersion: v1
    kind: Pod
    metadata:
      name: web
    spec:
      containers:
        - name: web
          image: registry.example.com/web:1.4.0
  `,
  options: {
    schema: {
      type: 'object',
      additionalProperties: false,
      properties: { tags: { type: 'array', items: { type: 'string' }, description: 'Tags that move.' } },
    },
    defaults: { tags: ['latest'] },
  },
  on: containers,
  check(container, ctx) {
    const at = container.get('image')
    const image = toImage(at?.text() ?? '')
    if (!at || !image || image.digest !== undefined || isHelmHook(ctx.resource)) return
    const isFilledIn = at.text() === INJECTED || ctx.graph.isBuiltImage(at.text() ?? '')
    if (isFilledIn && image.tag === undefined) return
    const tag = effectiveTag(image) ?? ''
    if (!ctx.options.tags.includes(tag)) return
    const why = image.tag === undefined ? `has no tag, so "${tag}" is pulled` : `has the moving tag "${tag}"`
    ctx.report(at, `image "${at.text()}" of container "${container.text('name') ?? ''}" ${why}`)
  },
})

/** Istio writes this where its injector puts the image of the proxy. */
const INJECTED = 'auto'
