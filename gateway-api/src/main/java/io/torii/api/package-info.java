/** What Torii's parts say to each other. Depends on the JDK alone. */
package io.torii.api;
