package io.torii.server.frontend.thrift.http;

import static java.util.Objects.requireNonNull;

import io.torii.server.frontend.thrift.KeyStoreFile;
import java.time.Duration;
import java.util.Optional;

/**
 * The Thrift HTTP frontend's settings. Immutable.
 *
 * @param port 0 picks a free one
 * @param path where clients post their messages, without slashes around it
 * @param backlog connections that may wait to be accepted
 * @param connections at once; 0 is no limit
 * @param idle how long a connection may be silent between requests
 * @param tls present if clients must speak TLS
 */
public record ThriftHttpServerConfig(
        String host, int port, String path, int backlog, int connections, Duration idle, Optional<KeyStoreFile> tls) {
    public ThriftHttpServerConfig {
        requireNonNull(host, "host");
        requireNonNull(path, "path");
        requireNonNull(idle, "idle");
        requireNonNull(tls, "tls");
    }
}
