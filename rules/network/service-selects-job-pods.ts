import {
  type At,
  defineRule,
  folderOf,
  formatResource,
  groupBy,
  joinSome,
  kind,
  listPodPorts,
  memo,
  type PodTemplate,
} from '../../src/rule.ts'

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
    const { templates } = selection
    const jobs = findJobs(templates).get(folderOf(ctx.resource))
    if (!jobs || jobs.length === templates.length) return
    const reached = findReached(jobs)(listTargets(service))
    if (reached.length === 0) return
    const owners = joinSome(reached, it => formatResource(it.resource))
    ctx.report(service.get('spec', 'selector')!, `the Service takes pods of ${owners} for its servers`, {
      part: 'pair',
      related: reached.slice(0, MOST_RELATED).map(it => ({
        at: it.at.get('metadata', 'labels') ?? it.at,
        part: 'pair',
        message: `labels of the pods of ${formatResource(it.resource)}`,
      })),
    })
  },
})

/** Of many Jobs the message says how many more there are. */
const MOST_RELATED = 20

const ENDING: ReadonlySet<string> = new Set(['Job', 'CronJob'])

/** The templates whose pods run to their end, by folder. */
const findJobs = memo(
  (templates: readonly PodTemplate[]): ReadonlyMap<string, readonly PodTemplate[]> =>
    groupBy(
      templates.filter(it => ENDING.has(it.resource.kind)),
      it => folderOf(it.resource),
    ),
)

/** Names that the ports of a Service target; undefined when one targets a number, which is an endpoint everywhere. */
function listTargets(service: At): ReadonlySet<string> | undefined {
  const names = new Set<string>()
  for (const port of service.get('spec', 'ports')?.each() ?? []) {
    const name = port.text('targetPort')
    if (name === undefined) return undefined
    names.add(name)
  }
  return names
}

/** The templates that become endpoints: pods without the named port get none. Many Services ask for the same names. */
const findReached = memo((jobs: readonly PodTemplate[]) => {
  const known = new Map<string, readonly PodTemplate[]>()
  return (targets: ReadonlySet<string> | undefined): readonly PodTemplate[] => {
    if (!targets) return jobs
    const question = [...targets].join('\n')
    let reached = known.get(question)
    if (!reached) {
      reached = jobs.filter(it => listPodPorts(it.spec).some(({ name }) => name && targets.has(name)))
      known.set(question, reached)
    }
    return reached
  }
})
