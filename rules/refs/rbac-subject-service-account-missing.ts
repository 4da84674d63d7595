import { defineRule, kind, listLinks, reportAbsent } from '../../src/rule.ts'

export default defineRule({
  id: 'rbac-subject-service-account-missing',
  category: 'refs',
  severity: 'warning',
  presets: ['recommended', 'helm'],
  scope: 'graph',
  aboutAbsence: true,
  title: 'Binding is for a service account that does not exist',
  why: `
    The API server takes the binding, and it is of use to nobody: the account that was meant has other rights, or none. The
    namespace of the subject counts, not that of the binding.`,
  see: ['https://kubernetes.io/docs/reference/access-authn-authz/rbac/#rolebinding-and-clusterrolebinding'],
  bad: `
    apiVersion: rbac.authorization.k8s.io/v1
    kind: Role
    metadata:
      name: reader
      namespace: shop
    rules:
      - apiGroups: [""]
        resources: [configmaps]
        verbs: [get]
    ---
    apiVersion: v1
    kind: ServiceAccount
    metadata:
      name: web
      namespace: shop
    ---
    apiVersion: rbac.authorization.k8s.io/v1
    kind: RoleBinding
    metadata:
      name: web
      namespace: shop
    roleRef:
      apiGroup: rbac.authorization.k8s.io
      kind: Role
      name: reader
    subjects:
      - kind: ServiceAccount
        name: wbe
        namespace: shop
  `,
  good: `
    apiVersion: rbac.authorization.k8s.io/v1
    kind: Role
    metadata:
      name: reader
      namespace: shop
    rules:
      - apiGroups: [""]
        resources: [configmaps]
        verbs: [get]
    ---
    apiVersion: v1
    kind: ServiceAccount
    metadata:
      name: web
      namespace: shop
    ---
    apiVersion: rbac.authorization.k8s.io/v1
    kind: RoleBinding
    metadata:
      name: web
      namespace: shop
    roleRef:
      apiGroup: rbac.authorization.k8s.io
      kind: Role
      name: reader
    subjects:
      - kind: ServiceAccount
        name: web
        namespace: shop
  `,
  on: kind('RoleBinding', 'ClusterRoleBinding'),
  check(_, ctx) {
    reportAbsent(
      ctx,
      listLinks(ctx.resource).filter(it => it.relation === 'binds'),
    )
  },
})
