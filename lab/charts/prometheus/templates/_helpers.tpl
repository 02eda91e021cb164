{{- define "prometheus.fullname" -}}
{{- $joined := printf "%s-%s" .Release.Name .Values.server.name -}}
{{- if not (contains .Chart.Name .Release.Name) -}}
{{- $joined = printf "%s-%s-%s" .Release.Name .Chart.Name .Values.server.name -}}
{{- end -}}
{{- .Values.server.fullnameOverride | default $joined | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{- define "prometheus.selector" -}}
app.kubernetes.io/component: {{ .Values.server.name }}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "prometheus.labels" -}}
{{ include "prometheus.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion }}
app.kubernetes.io/part-of: {{ .Chart.Name }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version | replace "+" "_" }}
{{- end -}}

{{- define "prometheus.serviceAccountName" -}}
{{- $account := .Values.serviceAccounts.server -}}
{{- $account.name | default ($account.create | ternary (include "prometheus.fullname" .) "default") -}}
{{- end -}}
