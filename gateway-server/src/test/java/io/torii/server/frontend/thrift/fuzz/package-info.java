/** Generates what hostile clients may send, whatever carries it: Thrift messages, and streams of them. */
package io.torii.server.frontend.thrift.fuzz;
