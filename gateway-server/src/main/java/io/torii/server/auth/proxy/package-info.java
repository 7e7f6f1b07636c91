/** Who may act for whom. */
package io.torii.server.auth.proxy;
