import { defineRule, kind, quoteNames } from '../../src/rule.ts'

export default defineRule({
  id: 'ingress-tls-host-mismatch',
  category: 'network',
  severity: 'warning',
  presets: ['recommended', 'security', 'helm'],
  title: 'Host of the Ingress is in none of its certificates',
  why: `
    The Ingress has certificates and none of them is for this host, so that the controller answers with its default
    certificate and browsers warn. A wildcard covers exactly one label: \`*.example.com\` is for \`shop.example.com\` and
    not for \`a.shop.example.com\`.`,
  see: ['https://kubernetes.io/docs/concepts/services-networking/ingress/#tls'],
  bad: `
    apiVersion: networking.k8s.io/v1
    kind: Ingress
    metadata:
      name: web
    spec:
      tls:
        - hosts: [www.example.com]
          secretName: web-tls
      rules:
        - host: shop.example.com
          http:
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
      tls:
        - hosts: [shop.example.com]
          secretName: web-tls
      rules:
        - host: shop.example.com
          http:
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
    const hosts = new Set<string>()
    for (const tls of ingress.get('spec', 'tls')?.each() ?? []) {
      // Without hosts the certificate is for whatever its Secret says.
      if (tls.get('hosts')?.get(0) === undefined) return
      for (const host of tls.get('hosts')!.each()) hosts.add(host.text() ?? '')
    }
    if (hosts.size === 0) return
    for (const rule of ingress.get('spec', 'rules')?.each() ?? []) {
      const at = rule.get('host')
      const host = at?.text()
      if (!at || !host || hosts.has(host) || (host.includes('.') && hosts.has(toWildcard(host)))) continue
      ctx.report(at, `no certificate of the Ingress is for "${host}", only for ${quoteNames(hosts)}`, {
        related: [{ at: ingress.get('spec', 'tls')!, part: 'key', message: 'the certificates' }],
      })
    }
  },
})

/** A wildcard stands for the first label alone. */
const toWildcard = (host: string): string => `*.${host.slice(host.indexOf('.') + 1)}`
