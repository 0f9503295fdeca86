/** JD Cloud edcps: its client, its signature and what its errors mean. */
package dev.reinstall.cloud.jdcloud;
