import { defineRule, listLinks, podSpecs, reportAbsent } from '../../src/rule.ts'

export default defineRule({
  id: 'pvc-missing',
  category: 'refs',
  severity: 'warning',
  presets: ['recommended', 'helm'],
  scope: 'graph',
  aboutAbsence: true,
  title: 'Claim does not exist',
  why: `
    A pod with a volume from a missing PersistentVolumeClaim stays Pending. Claims that StatefulSets make are known. The
    finding is made only where the manifests hold other claims of the namespace. Declare claims that are made elsewhere under
    \`external\` in plimsoll.yaml.`,
  see: ['https://kubernetes.io/docs/concepts/storage/persistent-volumes/#claims-as-volumes'],
  bad: `
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
                claimName: upload
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
  on: podSpecs,
  check(_, ctx) {
    reportAbsent(
      ctx,
      listLinks(ctx.resource).filter(it => it.relation === 'claims'),
    )
  },
})
