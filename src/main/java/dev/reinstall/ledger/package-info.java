/** What is recorded about the requests for one server, pure: queries, claims, results, pruning. */
package dev.reinstall.ledger;
