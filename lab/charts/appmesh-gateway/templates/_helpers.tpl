{{- define "appmesh-gateway.fullname" -}}
{{- $name := .Values.nameOverride | default .Chart.Name -}}
{{- $joined := contains $name .Release.Name | ternary .Release.Name (printf "%s-%s" .Release.Name $name) -}}
{{- .Values.fullnameOverride | default $joined | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{- define "appmesh-gateway.selector" -}}
{{- /* The VirtualGateway finds its pods by this one label, and in the real chart it holds the full name. */ -}}
app.kubernetes.io/name: {{ include "appmesh-gateway.fullname" . }}
{{- end -}}

{{- define "appmesh-gateway.labels" -}}
app.kubernetes.io/name: {{ .Values.nameOverride | default .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version | replace "+" "_" }}
{{- end -}}

{{- define "appmesh-gateway.serviceAccountName" -}}
{{- .Values.serviceAccount.name | default (.Values.serviceAccount.create | ternary (include "appmesh-gateway.fullname" .) "default") -}}
{{- end -}}

{{- define "appmesh-gateway.placement" -}}
{{- range $key := list "nodeSelector" "tolerations" }}
{{- with index $.Values $key }}
{{ $key }}: {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}
{{- end -}}
