/** What an administrator is told of an installation before it is used: the seam of whatever can be checked. */
package io.torii.api.check;
