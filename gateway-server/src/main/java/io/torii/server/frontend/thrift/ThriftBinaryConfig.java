package io.torii.server.frontend.thrift;

import static java.util.Objects.requireNonNull;

import java.util.Optional;

/**
 * The Thrift binary frontend's settings. Immutable.
 *
 * @param port 0 picks a free one
 * @param backlog connections that may wait to be accepted
 * @param tls present if clients must speak TLS
 */
public record ThriftBinaryConfig(String host, int port, int backlog, Optional<KeyStoreFile> tls) {
    public ThriftBinaryConfig {
        requireNonNull(host, "host");
        requireNonNull(tls, "tls");
    }
}
