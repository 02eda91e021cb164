{{- define "grafana.fullname" -}}
{{- $name := .Values.nameOverride | default .Chart.Name -}}
{{- $joined := contains $name .Release.Name | ternary .Release.Name (printf "%s-%s" .Release.Name $name) -}}
{{- .Values.fullnameOverride | default $joined | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{- define "grafana.selector" -}}
app.kubernetes.io/name: {{ .Values.nameOverride | default .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "grafana.labels" -}}
app.kubernetes.io/name: {{ .Values.nameOverride | default .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version | replace "+" "_" }}
{{- end -}}

{{- define "grafana.serviceAccountName" -}}
{{- .Values.serviceAccount.name | default (.Values.serviceAccount.create | ternary (include "grafana.fullname" .) "default") -}}
{{- end -}}

{{- define "grafana.placement" -}}
{{- range $key := list "priorityClassName" "nodeSelector" "tolerations" }}
{{- with index $.Values $key }}
{{ $key }}: {{- if kindIs "string" . }} {{ . }}{{ else }}{{ toYaml . | nindent 2 }}{{ end }}
{{- end }}
{{- end }}
{{- end -}}

{{- /* Takes the root and one image's values: a mirror named under `global` counts for each of the chart's images. */ -}}
{{- define "grafana.image" -}}
{{- $image := .image -}}
{{- printf "%s/%s:%s" (.root.Values.global.imageRegistry | default $image.registry) $image.repository ($image.tag | default .root.Chart.AppVersion) | quote -}}
{{- end -}}

{{- define "grafana.secretName" -}}
{{- tpl .Values.admin.existingSecret . | default (include "grafana.fullname" .) -}}
{{- end -}}
