/** HiveServer2's Thrift protocol over HTTP: one message per request, nothing kept per connection. */
package io.torii.server.frontend.thrift.http;
