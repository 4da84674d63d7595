import { defineRule, findPodTemplate, isConfined, listSecured, podSpecs, set } from '../../src/rule.ts'

export default defineRule({
  id: 'apparmor-profile-not-allowed',
  category: 'security',
  severity: 'error',
  presets: ['security', 'pss-baseline', 'pss-restricted'],
  title: 'AppArmor is switched off',
  why: `
    AppArmor profiles keep a container from files and calls of the node that it never needs. Unconfined takes that away.
    Leave the field out, or use RuntimeDefault or a profile of the node.`,
  see: [
    'https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline',
    'https://kubernetes.io/docs/tutorials/security/apparmor/',
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
          securityContext:
            appArmorProfile:
              type: Unconfined
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
          securityContext:
            appArmorProfile:
              type: RuntimeDefault
  `,
  on: podSpecs,
  check(spec, ctx) {
    for (const { context, name } of listSecured(spec)) {
      const profile = context?.get('appArmorProfile')
      const at = profile?.get('type') ?? profile
      if (!at || profile?.value === null || isConfined(at.text())) continue
      ctx.report(at, `${name} has the AppArmor profile "${at.text() ?? ''}"`, {
        part: 'pair',
        fixes:
          at === profile
            ? []
            : [{ title: 'Use RuntimeDefault', safe: false, patch: set(at, 'RuntimeDefault') }],
      })
    }
    for (const at of findPodTemplate(ctx.resource)?.get('metadata', 'annotations')?.each() ?? []) {
      const key = String(at.key)
      if (!key.startsWith(ANNOTATION) || isAllowed(at.text() ?? '')) continue
      ctx.report(
        at,
        `container "${key.slice(ANNOTATION.length)}" has the AppArmor profile "${at.text() ?? ''}"`,
        {
          part: 'pair',
        },
      )
    }
  },
})

/** How profiles were chosen before 1.30. */
const ANNOTATION = 'container.apparmor.security.beta.kubernetes.io/'

const isAllowed = (profile: string): boolean =>
  profile === '' || profile === 'runtime/default' || profile.startsWith('localhost/')
