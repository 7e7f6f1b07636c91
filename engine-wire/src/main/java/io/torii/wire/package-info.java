/**
 * The wire contract between gateway and engine. Java 8.
 *
 * <p>HTTP/2 with prior knowledge on one connection per gateway and engine; one stream per request. A request is
 * {@code POST /v1/<method>}, the method being a TCLIService call ({@code ExecuteStatement}) or one of Torii's own; ids
 * and the user travel as headers, the body is the call's request struct (not wrapped in a message or an {@code _args}
 * struct) in Thrift's binary protocol. A response is status 200 and the call's response struct, which may itself report
 * a failure in its {@code TStatus}; any other status is a failure of the wire, its body one sentence in UTF-8.
 *
 * <p>Before its first call a connection authenticates both sides ({@link io.torii.wire.Handshake}): each proves that
 * it knows the engine's secret, which itself is never sent, and the highest common version is agreed on.
 */
package io.torii.wire;
