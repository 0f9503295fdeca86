/** The Helm chart, and what the manifests of deploy/ must have. */
package dev.reinstall.chart;
