/** What users write and read: the two resources, as records, and the words of their status. */
package dev.reinstall.api;
