/** What administrators and their tools ask a gateway over HTTP: health, metrics, status. The one place that knows Jetty's server. */
package io.torii.server.admin;
