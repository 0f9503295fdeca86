/** What the documentation says of the code, made from it or held to it. */
package dev.reinstall.docs;
