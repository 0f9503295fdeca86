/** The simulated Tencent Cloud: CVM with ResetInstance, which knows no idempotency token. */
package dev.reinstall.simulator.tencent;
