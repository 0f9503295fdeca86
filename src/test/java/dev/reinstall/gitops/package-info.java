/** What {@code deploy/gitops} ships for Argo CD, Flux and kustomize. */
package dev.reinstall.gitops;
