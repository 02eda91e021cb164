{{- define "istiod.labels" -}}
app: istiod
istio.io/rev: default
release: {{ .Release.Name }}
app.kubernetes.io/name: istiod
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
app.kubernetes.io/part-of: istio
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version | replace "+" "_" }}
{{- end -}}

{{- define "istiod.selector" -}}
app: istiod
istio: pilot
{{- end -}}

{{- define "istiod.image" -}}
{{- .root.Values.hub | default .root.Values.global.hub }}/{{ .name }}:{{ .root.Values.tag | default .root.Values.global.tag }}
{{- end -}}
