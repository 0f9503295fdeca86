{{- define "reinstall.image" -}}
{{- with .Values.image -}}
{{- with .registry }}{{ . }}/{{ end -}}
{{- .repository -}}
{{- if .digest }}@{{ .digest }}{{ else }}:{{ .tag | default $.Chart.AppVersion }}{{ end -}}
{{- end -}}
{{- end -}}

{{/* REINSTALL_CALL_TIMEOUT plus 25s: calls that are in flight at SIGTERM are waited for. */}}
{{- define "reinstall.terminationGrace" -}}
{{- $timeout := .Values.settings.REINSTALL_CALL_TIMEOUT | default "20s" -}}
{{- $number := regexFind "^[0-9]+" $timeout | int -}}
{{- if hasSuffix "ms" $timeout -}}
{{- add 26 (div $number 1000) -}}
{{- else if hasSuffix "m" $timeout -}}
{{- add 25 (mul 60 $number) -}}
{{- else if hasSuffix "h" $timeout -}}
{{- add 25 (mul 3600 $number) -}}
{{- else -}}
{{- add 25 $number -}}
{{- end -}}
{{- end -}}

{{/* The operator, as the subject of a binding. */}}
{{- define "reinstall.subjects" -}}
subjects:
- kind: ServiceAccount
  name: reinstall-operator
  namespace: {{ .Release.Namespace }}
{{- end -}}

{{/* What it does in the namespaces that it watches. */}}
{{- define "reinstall.rulesOfNamespaces" -}}
# The operator reads Reinstalls and writes only their status. It cannot change or delete a Reinstall.
- apiGroups: [reinstall.dev]
  resources: [reinstalls]
  verbs: [get, list, watch]
- apiGroups: [reinstall.dev]
  resources: [reinstalls/status]
  verbs: [update]
# Each Event is created once, with a name of its own, and never updated.
- apiGroups: [events.k8s.io]
  resources: [events]
  verbs: [create]
{{- end -}}

{{/* What it does in no namespace. */}}
{{- define "reinstall.rulesOfCluster" -}}
# No delete: the ServerLedgers prevent a request from being carried out twice. No patch: each write is an update with
# the resourceVersion that the decision is based on.
- apiGroups: [reinstall.dev]
  resources: [serverledgers]
  verbs: [get, list, watch, create, update]
# Whether a server is a Node of this cluster, which is not reinstalled unless spec.allowOwnNode is true.
- apiGroups: [""]
  resources: [nodes]
  verbs: [list]
# Used by leader election to check its permissions. Most clusters grant it to all users (system:basic-user).
- apiGroups: [authorization.k8s.io]
  resources: [selfsubjectrulesreviews]
  verbs: [create]
{{- end -}}
