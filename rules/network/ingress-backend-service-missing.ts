import { defineRule, kind, listLinks, reportAbsent } from '../../src/rule.ts'

export default defineRule({
  id: 'ingress-backend-service-missing',
  category: 'network',
  severity: 'warning',
  presets: ['recommended', 'reliability', 'helm'],
  scope: 'graph',
  aboutAbsence: true,
  title: 'Ingress routes to a Service that does not exist',
  why: `
    The backend is looked up in the namespace of the Ingress. Without it the controller answers 503 or 404. The finding is
    made only where the manifests hold other Services of the namespace. Declare Services that are made elsewhere under
    \`external\` in plimsoll.yaml.`,
  see: ['https://kubernetes.io/docs/concepts/services-networking/ingress/#the-ingress-resource'],
  bad: `
    apiVersion: v1
    kind: Service
    metadata:
      name: web
    spec:
      selector:
        app: web
      ports:
        - name: http
          port: 80
    ---
    apiVersion: networking.k8s.io/v1
    kind: Ingress
    metadata:
      name: web
    spec:
      rules:
        - host: www.example.com
          http:
            paths:
              - path: /
                pathType: Prefix
                backend:
                  service:
                    name: webb
                    port:
                      number: 80
  `,
  good: `
    apiVersion: v1
    kind: Service
    metadata:
      name: web
    spec:
      selector:
        app: web
      ports:
        - name: http
          port: 80
    ---
    apiVersion: networking.k8s.io/v1
    kind: Ingress
    metadata:
      name: web
    spec:
      rules:
        - host: www.example.com
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
    const actions = ingress.get('metadata', 'annotations')
    reportAbsent(
      ctx,
      listLinks(ctx.resource).filter(
        it =>
          it.relation === 'routes-to' &&
          it.name !== 'default-http-backend' &&
          !actions?.get(`alb.ingress.kubernetes.io/actions.${it.name}`),
      ),
    )
  },
})
