import { defineRule, kind, listLinks, readReplicas } from '../../src/rule.ts'

export default defineRule({
  id: 'pvc-shared-read-write-once',
  category: 'reliability',
  severity: 'warning',
  presets: ['recommended', 'reliability'],
  scope: 'graph',
  title: 'Several replicas share a volume of one node',
  why: `
    A ReadWriteOnce volume is attached to one node at a time: replicas on other nodes hang in ContainerCreating. With
    ReadWriteOncePod only one pod of the cluster may use it at all. Use a StatefulSet, which makes a claim for each replica,
    or a storage class with ReadWriteMany.`,
  see: ['https://kubernetes.io/docs/concepts/storage/persistent-volumes/#access-modes'],
  bad: `
    apiVersion: v1
    kind: PersistentVolumeClaim
    metadata:
      name: uploads
    spec:
      accessModes: [ReadWriteOnce]
      resources:
        requests:
          storage: 10Gi
    ---
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: web
    spec:
      replicas: 3
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
          volumes:
            - name: uploads
              persistentVolumeClaim:
                claimName: uploads
  `,
  good: `
    apiVersion: v1
    kind: PersistentVolumeClaim
    metadata:
      name: uploads
    spec:
      accessModes: [ReadWriteMany]
      resources:
        requests:
          storage: 10Gi
    ---
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: web
    spec:
      replicas: 3
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
          volumes:
            - name: uploads
              persistentVolumeClaim:
                claimName: uploads
  `,
  on: kind('Deployment', 'ReplicaSet', 'ReplicationController', 'Rollout', 'StatefulSet'),
  check(workload, ctx) {
    const { resource, graph } = ctx
    for (const link of listLinks(resource)) {
      if (link.relation !== 'claims') continue
      const { count } = readReplicas(graph, resource)
      if (count === undefined || count < 2) return
      const [claim] = graph.follow(resource, link).resources
      const modes = claim?.root.get('spec', 'accessModes')
      if (!claim || !modes?.isList || !modes.each().every(it => ONE.has(it.value))) continue
      const replicas = workload.get('spec', 'replicas')
      ctx.report(
        link.at,
        `${count} replicas share the claim "${link.name}", which only one ${modes.each().some(it => it.value === 'ReadWriteOncePod') ? 'pod' : 'node'} may mount`,
        {
          related: [
            { at: modes, part: 'pair', message: 'access modes of the claim' },
            ...(replicas ? [{ at: replicas, part: 'pair' as const, message: 'the replicas' }] : []),
          ],
        },
      )
    }
  },
})

const ONE: ReadonlySet<unknown> = new Set(['ReadWriteOnce', 'ReadWriteOncePod'])
