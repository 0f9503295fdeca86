/** Documentation generated from the code or checked against it. */
package dev.reinstall.docs;
