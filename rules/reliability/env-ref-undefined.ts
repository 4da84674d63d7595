import { type At, containers, defineRule, didYouMean, mayContain, suggestName } from '../../src/rule.ts'

export default defineRule({
  id: 'env-ref-undefined',
  category: 'reliability',
  severity: 'warning',
  presets: ['recommended', 'reliability', 'helm'],
  aboutAbsence: true,
  title: 'Reference to a variable that is not defined above',
  why: `
    \`$(NAME)\` in the value of a variable is replaced by a variable that stands before it in the list. A name that is not
    defined, or only further down, stays in the text as it is. Write \`$$(NAME)\` where that is meant. In command and args
    only names in capital letters are judged, because \`$(date)\` is for the shell.`,
  see: [
    'https://kubernetes.io/docs/tasks/inject-data-application/define-interdependent-environment-variables/',
  ],
  bad: `
    apiVersion: v1
    kind: Pod
    metadata:
      name: web
    spec:
      containers:
        - name: web
          image: registry.example.com/web:1.4.0
          env:
            - name: DATABASE_URL
              value: postgres://$(DATABASE_HOST):5432/shop
            - name: DATABASE_HOST
              value: database
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
          env:
            - name: DATABASE_HOST
              value: database
            - name: DATABASE_URL
              value: postgres://$(DATABASE_HOST):5432/shop
  `,
  on: containers,
  check(container, ctx) {
    if (!mayContain(container, '$(')) return
    const env = container.get('env')
    // Variables of whole ConfigMaps and Secrets are not known.
    if (container.get('envFrom')) return
    const positions = new Map<string, number>()
    for (const [position, variable] of (env?.each() ?? []).entries()) {
      const name = variable.text('name') ?? ''
      if (!positions.has(name)) positions.set(name, position)
    }
    let index = 0
    for (const variable of env?.each() ?? []) {
      const value = variable.get('value')
      if (value) checkText(value, VALUE_NAME, index)
      index++
    }
    if (!runsShell(container))
      for (const field of ['command', 'args'])
        for (const word of container.get(field)?.each() ?? [])
          checkText(word, CONSTANT_NAME, Number.POSITIVE_INFINITY)

    /** Variables at positions before `end` are defined. */
    function checkText(at: At, pattern: RegExp, end: number): void {
      const text = at.text()
      if (!text?.includes('$(')) return
      for (const [whole, name] of text.matchAll(REFERENCE)) {
        if (whole === '$$' || !pattern.test(name!) || FROM_SERVICES.test(name!)) continue
        const position = positions.get(name!)
        if (position !== undefined && position < end) continue
        const why =
          position !== undefined
            ? 'is defined further down, and only variables above are replaced'
            : `is no variable of the container${didYouMean(suggestName(name!, positions.keys()))}`
        ctx.report(at, `$(${name}) ${why}`)
        return
      }
    }
  },
})

/** `$$` escapes; `expand.go` takes any text up to the closing parenthesis for a name. */
const REFERENCE = /\$\$|\$\(([^()$]*)\)/g
const VALUE_NAME = /^[A-Za-z_][A-Za-z0-9_.-]*$/
const CONSTANT_NAME = /^[A-Z][A-Z0-9_]+$/
/** Variables that the kubelet adds for Services of the namespace. */
const FROM_SERVICES =
  /^[A-Z][A-Z0-9_]*_(?:SERVICE_HOST|SERVICE_PORT(?:_[A-Z0-9_]+)?|PORT(?:_[0-9]+_(?:TCP|UDP|SCTP)(?:_(?:PROTO|PORT|ADDR))?)?)$/
const SHELL = /^(?:\/(?:usr\/)?bin\/(?:env )?)?(?:ba|da|a|z|k)?sh$/

/** A shell replaces `$(…)` itself. */
function runsShell(container: At): boolean {
  for (const field of ['command', 'args'])
    for (const word of container.get(field)?.each() ?? []) if (SHELL.test(word.text() ?? '')) return true
  return false
}
