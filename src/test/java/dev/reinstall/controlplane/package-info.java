/** A real control plane for tests: etcd, kube-apiserver and controllers as children of this JVM. */
package dev.reinstall.controlplane;
