/** The only room that knows Kubernetes: it hands the real world to the lifecycle. */
package dev.reinstall.kubernetes;
