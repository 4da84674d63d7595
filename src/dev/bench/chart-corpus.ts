/** Generated charts for benchmarks: the size and the habits of those that `helm create` begins. */
import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'

const HELPERS = `{{- define "NAME.name" -}}{{ default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" }}{{- end }}
{{- define "NAME.fullname" -}}
{{- if .Values.fullnameOverride }}{{ .Values.fullnameOverride | trunc 63 | trimSuffix "-" }}
{{- else }}
{{- $name := default .Chart.Name .Values.nameOverride }}
{{- if contains $name .Release.Name }}{{ .Release.Name | trunc 63 | trimSuffix "-" }}
{{- else }}{{ printf "%s-%s" .Release.Name $name | trunc 63 | trimSuffix "-" }}{{ end }}
{{- end }}
{{- end }}
{{- define "NAME.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
{{ include "NAME.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end }}
{{- define "NAME.selectorLabels" -}}
app.kubernetes.io/name: {{ include "NAME.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}
`

const head = (apiVersion: string, kind: string): string => `apiVersion: ${apiVersion}
kind: ${kind}
metadata:
  name: {{ include "NAME.fullname" . }}
  labels:
    {{- include "NAME.labels" . | nindent 4 }}
`

const DEPLOYMENT = `${head('apps/v1', 'Deployment')}spec:
  {{- if not .Values.autoscaling.enabled }}
  replicas: {{ .Values.replicaCount }}
  {{- end }}
  selector:
    matchLabels:
      {{- include "NAME.selectorLabels" . | nindent 6 }}
  template:
    metadata:
      annotations:
        checksum/config: {{ include (print $.Template.BasePath "/configmap.yaml") . | sha256sum }}
      labels:
        {{- include "NAME.selectorLabels" . | nindent 8 }}
    spec:
      containers:
        - name: {{ .Chart.Name }}
          image: "{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}"
          ports:
            - { name: http, containerPort: {{ .Values.service.port }}, protocol: TCP }
          {{- with .Values.env }}
          env:
            {{- range $name, $value := . }}
            - name: {{ $name }}
              value: {{ $value | quote }}
            {{- end }}
          {{- end }}
          resources:
            {{- toYaml .Values.resources | nindent 12 }}
      {{- with .Values.nodeSelector }}
      nodeSelector:
        {{- toYaml . | nindent 8 }}
      {{- end }}
`

const TEMPLATES: Readonly<Record<string, string>> = {
  '_helpers.tpl': HELPERS,
  'deployment.yaml': DEPLOYMENT,
  'configmap.yaml': `${head('v1', 'ConfigMap')}data:\n  app.conf: |\n    {{- range .Values.settings }}\n    {{ .key }} = {{ .value }}\n    {{- end }}\n`,
  'service.yaml': `${head('v1', 'Service')}spec:
  type: {{ .Values.service.type }}
  ports:
    - { port: {{ .Values.service.port }}, targetPort: http, protocol: TCP, name: http }
  selector:
    {{- include "NAME.selectorLabels" . | nindent 4 }}
`,
  'serviceaccount.yaml': `{{- if .Values.serviceAccount.create -}}\n${head('v1', 'ServiceAccount')}{{- end }}\n`,
  'hpa.yaml': `{{- if .Values.autoscaling.enabled }}\n${head('autoscaling/v2', 'HorizontalPodAutoscaler')}{{- end }}\n`,
  'NOTES.txt': '{{ include "NAME.fullname" . }} is there.\n',
}

const VALUES = `replicaCount: 2
image: { repository: example/app, tag: "" }
nameOverride: ""
fullnameOverride: ""
serviceAccount: { create: true }
service: { type: ClusterIP, port: 80 }
autoscaling: { enabled: false }
resources:
  limits: { cpu: 100m, memory: 128Mi }
  requests: { cpu: 100m, memory: 128Mi }
env: { LOG_LEVEL: info, FEATURES: "a,b" }
nodeSelector: { kubernetes.io/os: linux }
settings:
`

/** Writes `count` charts below a folder and gives their paths. */
export function writeCharts(folder: string, count: number): string[] {
  return Array.from({ length: count }, (_, i) => {
    const name = `app-${i}`
    const chart = path.join(folder, name)
    mkdirSync(path.join(chart, 'templates'), { recursive: true })
    writeFileSync(
      path.join(chart, 'Chart.yaml'),
      `apiVersion: v2\nname: ${name}\nversion: 1.${i}.0\nappVersion: "2.${i}"\n`,
    )
    const settings = Array.from(
      { length: 10 + (i % 40) },
      (_, k) => `  - { key: setting-${k}, value: ${k * i} }\n`,
    )
    writeFileSync(path.join(chart, 'values.yaml'), VALUES + settings.join(''))
    for (const [file, text] of Object.entries(TEMPLATES))
      writeFileSync(path.join(chart, 'templates', file), text.replaceAll('NAME', name))
    return chart
  })
}
