import { defineRule, kind, listLinks, reportAbsent } from '../../src/rule.ts'

export default defineRule({
  id: 'role-ref-missing',
  category: 'refs',
  severity: 'warning',
  presets: ['recommended', 'helm'],
  scope: 'graph',
  aboutAbsence: true,
  title: 'Binding grants a role that does not exist',
  why: `
    The API server takes the binding, and it grants nothing until a role of that name appears. A RoleBinding refers to a Role
    of its own namespace or to a ClusterRole. ClusterRoles are judged only in a project that is said to be complete
    (\`closed: true\`), because clusters and add-ons bring many of them.`,
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
      name: raeder
    subjects:
      - kind: ServiceAccount
        name: web
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
      listLinks(ctx.resource).filter(it => it.relation === 'grants'),
    )
  },
})
