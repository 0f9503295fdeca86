/** The rules, pure: what happens to a request. Nothing that decides is outside of this package. */
package dev.reinstall.reconcile;
