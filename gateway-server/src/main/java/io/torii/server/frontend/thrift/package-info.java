/** Hive's Thrift protocol: the last place that knows Thrift on the client's side. */
package io.torii.server.frontend.thrift;
