/** How the gateway speaks to engines: our records as TCLIService structs on the wire, and their answers back. */
package io.torii.server.engine.channel;
