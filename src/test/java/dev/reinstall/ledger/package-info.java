/** Tests of the ledger, without a cluster. */
package dev.reinstall.ledger;
