import { beforeMinor, defineRule, podSpecs } from '../../src/rule.ts'

export default defineRule({
  id: 'sysctl-not-allowed',
  category: 'security',
  severity: 'error',
  presets: ['security', 'pss-baseline', 'pss-restricted'],
  title: 'Pod sets a kernel parameter that is not safe',
  why: `
    Only few kernel parameters are isolated between pods; others change the node, or let a pod harm its neighbours. The
    kubelet refuses most of them unless its node allows them.`,
  see: [
    'https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline',
    'https://kubernetes.io/docs/tasks/administer-cluster/sysctl-cluster/',
  ],
  bad: `
    apiVersion: v1
    kind: Pod
    metadata:
      name: web
    spec:
      securityContext:
        sysctls:
          - name: kernel.msgmax
            value: "65536"
      containers:
        - name: web
          image: registry.example.com/web:1.4.0
  `,
  good: `
    apiVersion: v1
    kind: Pod
    metadata:
      name: web
    spec:
      securityContext:
        sysctls:
          - name: net.ipv4.tcp_syncookies
            value: "1"
      containers:
        - name: web
          image: registry.example.com/web:1.4.0
  `,
  on: podSpecs,
  check(spec, ctx) {
    for (const sysctl of spec.get('securityContext', 'sysctls')?.each() ?? []) {
      const at = sysctl.get('name')
      const name = at?.text() ?? ''
      const kubernetes = beforeMinor(ctx.apis.versions, SAFE_SINCE.get(name) ?? Number.POSITIVE_INFINITY)
      if (at && kubernetes.length > 0)
        ctx.report(at, `sysctl "${name}" is not among the safe ones`, { part: 'pair', kubernetes })
    }
  },
})

/** From which minor on; 0 from the first. */
const SAFE_SINCE: ReadonlyMap<string, number> = new Map([
  ['kernel.shm_rmid_forced', 0],
  ['net.ipv4.ip_local_port_range', 0],
  ['net.ipv4.tcp_syncookies', 0],
  ['net.ipv4.ping_group_range', 0],
  ['net.ipv4.ip_unprivileged_port_start', 0],
  ['net.ipv4.ip_local_reserved_ports', 27],
  ['net.ipv4.tcp_keepalive_time', 29],
  ['net.ipv4.tcp_fin_timeout', 29],
  ['net.ipv4.tcp_keepalive_intvl', 29],
  ['net.ipv4.tcp_keepalive_probes', 29],
  ['net.ipv4.tcp_rmem', 32],
  ['net.ipv4.tcp_wmem', 32],
  ['net.ipv4.tcp_slow_start_after_idle', 37],
  ['net.ipv4.tcp_notsent_lowat', 37],
])
