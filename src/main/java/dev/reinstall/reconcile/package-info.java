/** The rules, pure: what becomes of an order. Nothing that decides lives outside this room. */
package dev.reinstall.reconcile;
