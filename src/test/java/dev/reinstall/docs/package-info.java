/** Tables of the documentation that are made from the code, and held to it. */
package dev.reinstall.docs;
