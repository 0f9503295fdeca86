/** Tencent Cloud CVM: its client, its signature and what its error codes mean. */
package dev.reinstall.cloud.tencent;
