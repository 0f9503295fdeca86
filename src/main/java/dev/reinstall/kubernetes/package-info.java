/** The only package that talks to Kubernetes: the reconciler and the ports of a reconciliation. */
package dev.reinstall.kubernetes;
