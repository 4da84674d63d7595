import { type At, defineRule, formatResource, inSameFolder, kind, listPodPorts } from '../../src/rule.ts'

export default defineRule({
  id: 'service-selects-job-pods',
  category: 'network',
  severity: 'warning',
  presets: ['recommended', 'reliability', 'helm'],
  scope: 'graph',
  title: 'Service sends traffic to pods of a Job',
  why: `
    The selector means to take the pods of a server and takes those of a Job as well. Without a readiness probe they are
    ready at once and get connections that nobody answers, for as long as the Job runs: in most cases during an upgrade.
    Labels that the Job has in addition do not help, since the selector asks for a part of them. Give the Job other labels,
    or the selector one more that only the server has.`,
  see: ['https://kubernetes.io/docs/concepts/services-networking/service/'],
  bad: `
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: web
    spec:
      selector:
        matchLabels:
          app: web
      template:
        metadata:
          labels:
            app: web
        spec:
          containers:
            - name: web
              image: registry.example.com/web:1.4.0
    ---
    apiVersion: batch/v1
    kind: Job
    metadata:
      name: migrate
    spec:
      template:
        metadata:
          labels:
            app: web
        spec:
          restartPolicy: Never
          containers:
            - name: migrate
              image: registry.example.com/web:1.4.0
    ---
    apiVersion: v1
    kind: Service
    metadata:
      name: web
    spec:
      selector:
        app: web
      ports:
        - port: 80
          targetPort: 8080
  `,
  good: `
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: web
    spec:
      selector:
        matchLabels:
          app: web
      template:
        metadata:
          labels:
            app: web
        spec:
          containers:
            - name: web
              image: registry.example.com/web:1.4.0
    ---
    apiVersion: batch/v1
    kind: Job
    metadata:
      name: migrate
    spec:
      template:
        metadata:
          labels:
            app: web-migrate
        spec:
          restartPolicy: Never
          containers:
            - name: migrate
              image: registry.example.com/web:1.4.0
    ---
    apiVersion: v1
    kind: Service
    metadata:
      name: web
    spec:
      selector:
        app: web
      ports:
        - port: 80
          targetPort: 8080
  `,
  on: kind('Service'),
  check(service, ctx) {
    const selection = ctx.graph.podsBehind(ctx.resource)
    if (selection?.verdict !== 'found') return
    const jobs = selection.templates.filter(
      it => ENDING.has(it.resource.kind) && inSameFolder(it.resource, ctx.resource),
    )
    if (jobs.length === 0 || jobs.length === selection.templates.length) return
    const reached = jobs.filter(it => isReached(service, it.spec))
    if (reached.length === 0) return
    const owners = reached.map(it => formatResource(it.resource)).join(', ')
    ctx.report(service.get('spec', 'selector')!, `the Service takes pods of ${owners} for its servers`, {
      part: 'pair',
      related: reached.map(it => ({
        at: it.at.get('metadata', 'labels') ?? it.at,
        part: 'pair',
        message: `labels of the pods of ${formatResource(it.resource)}`,
      })),
    })
  },
})

const ENDING: ReadonlySet<string> = new Set(['Job', 'CronJob'])

/** Pods without the named port get no endpoint; a number is an endpoint everywhere. */
function isReached(service: At, podSpec: At): boolean {
  const ports = service.get('spec', 'ports')?.each() ?? []
  return ports.some(port => {
    const name = port.text('targetPort')
    return name === undefined || listPodPorts(podSpec).some(it => it.name === name)
  })
}
