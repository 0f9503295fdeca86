#!/bin/bash
# A node of a cluster: containerd and a kubelet, in namespaces of their own. All processes, mounts, network devices and
# rules of iptables made here end with process 1 of these namespaces; only the control groups must be removed.
#
#   node.sh outside PID  starts it, where PID is a process in the network namespace that the link leads to
set -euo pipefail
# In the environment: NODE (its name), FOLDER, LINK (name of the other end), ADDRESS, GATEWAY (of the link, /30),
# API_PORT (of the API server at the gateway), PODS (their network), KUBELET, IMAGES (an archive).

case $1 in
outside)
  # The second of two: the link can be made only where the other end's namespace is still seen.
  exec unshare --net "$0" link "$2"
  ;;
link)
  ip link add eth0 type veth peer name "$LINK" netns "$2"
  exec unshare --mount --pid --fork --kill-child --mount-proc --propagation private "$0" inside
  ;;
inside) ;;
esac

for place in /run /var/log /var/lib/cni; do
  mkdir -p "$place"
  mount -t tmpfs tmpfs "$place"
done
mkdir /run/netns
for hierarchy in /sys/fs/cgroup/*/; do
  [ -e "$hierarchy/cgroup.procs" ] || continue
  mkdir -p "$hierarchy/$NODE"
  for file in cpuset.mems cpuset.cpus; do
    if [ -e "$hierarchy/$file" ]; then cat "$hierarchy/$file" >"$hierarchy/$NODE/$file"; fi
  done
done

ip link set lo up
ip address add "$ADDRESS/30" dev eth0
ip link set eth0 up
ip route add default via "$GATEWAY"
# The Service `kubernetes`, as kube-proxy would serve it.
for chain in PREROUTING OUTPUT; do
  iptables -t nat -A "$chain" -d 10.96.0.1 -p tcp --dport 443 -j DNAT --to-destination "$GATEWAY:$API_PORT"
done

mkdir -p "$FOLDER/cni"
cat >"$FOLDER/cni/10-pods.conflist" <<END
{"cniVersion": "1.0.0", "name": "pods", "plugins": [
  {"type": "bridge", "bridge": "pods", "isGateway": true, "ipMasq": true,
   "ipam": {"type": "host-local", "ranges": [[{"subnet": "$PODS"}]], "routes": [{"dst": "0.0.0.0/0"}]}}]}
END
cat >"$FOLDER/containerd.toml" <<END
version = 2
root = "$FOLDER/containerd"
state = "/run/containerd/state"
[grpc]
address = "/run/containerd/containerd.sock"
[plugins."io.containerd.grpc.v1.cri"]
sandbox_image = "localhost/pause:node"
restrict_oom_score_adj = true
[plugins."io.containerd.grpc.v1.cri".cni]
bin_dir = "/usr/lib/cni"
conf_dir = "$FOLDER/cni"
END
cat >"$FOLDER/kubelet.yaml" <<END
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
address: $ADDRESS
authentication: {anonymous: {enabled: true}, webhook: {enabled: false}}
authorization: {mode: AlwaysAllow}
readOnlyPort: 0
healthzPort: 0
containerRuntimeEndpoint: unix:///run/containerd/containerd.sock
podLogsDir: $FOLDER/logs
cgroupDriver: cgroupfs
cgroupRoot: /$NODE
enforceNodeAllocatable: []
failCgroupV1: false
failSwapOn: false
# What the process that starts the tests may not change.
makeIPTablesUtilChains: false
oomScoreAdj: 0
maxOpenFiles: 10000
evictionHard: {memory.available: 0%}
imageGCHighThresholdPercent: 100
END

containerd --config "$FOLDER/containerd.toml" >"$FOLDER/containerd.log" 2>&1 &
for _ in $(seq 100); do
  if ctr version >/dev/null 2>&1; then break; fi
  sleep 0.1
done
ctr --namespace k8s.io images import "$IMAGES"
"$KUBELET" --config="$FOLDER/kubelet.yaml" --kubeconfig="$FOLDER/kubeconfig" --root-dir="$FOLDER/kubelet" \
  --hostname-override="$NODE" --node-ip="$ADDRESS" >"$FOLDER/kubelet.log" 2>&1 &
# Either ends only by mistake.
wait -n
