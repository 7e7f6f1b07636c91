/** The one place that authenticates. */
package io.torii.server.auth;
