import { defineRule, kind } from '../../src/rule.ts'

export default defineRule({
  id: 'ingress-class-annotation-deprecated',
  category: 'api',
  severity: 'warning',
  presets: ['recommended', 'helm'],
  title: 'Old annotation for the class of an Ingress',
  why: `
    The annotation was replaced by \`spec.ingressClassName\` in Kubernetes 1.18. Controllers differ in whether they still
    read it, and the default class is given to Ingresses that have only the annotation by some of them.`,
  see: ['https://kubernetes.io/docs/concepts/services-networking/ingress/#deprecated-annotation'],
  bad: `
    apiVersion: networking.k8s.io/v1
    kind: Ingress
    metadata:
      name: web
      annotations:
        kubernetes.io/ingress.class: nginx
    spec:
      rules:
        - http:
            paths:
              - path: /
                pathType: Prefix
                backend:
                  service:
                    name: web
                    port:
                      number: 80
  `,
  good: `
    apiVersion: networking.k8s.io/v1
    kind: Ingress
    metadata:
      name: web
    spec:
      ingressClassName: nginx
      rules:
        - http:
            paths:
              - path: /
                pathType: Prefix
                backend:
                  service:
                    name: web
                    port:
                      number: 80
  `,
  on: kind('Ingress'),
  check(ingress, ctx) {
    if (ctx.resource.apiVersion !== 'networking.k8s.io/v1') return
    const old = ingress.get('metadata', 'annotations', 'kubernetes.io/ingress.class')
    // ACME solvers write both on purpose; the server refuses that only on creation.
    if (!old || ingress.get('spec', 'ingressClassName')) return
    ctx.report(old, `the class "${old.text() ?? ''}" is set by an annotation, not by ingressClassName`, {
      part: 'key',
    })
  },
})
