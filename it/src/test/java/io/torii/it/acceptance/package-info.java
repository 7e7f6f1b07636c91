/** What the spine promises its users, checked from outside: by clients, files and processes alone. */
package io.torii.it.acceptance;
