package io.torii.server.config;

import java.time.Duration;

/** The Thrift frontend. Immutable. */
public record ThriftConfig(
        @Doc("Address to listen on; `0.0.0.0` for all, which needs an authentication other than none")
                @Default("127.0.0.1")
                String host,
        @Doc("Port; `0` picks a free one") @Default("10009") int port,
        @Doc("TLS") TlsConfig tls,
        @Doc("Largest message of a client; larger ones end the connection") @Default("16MB") DataSize maxMessageSize,
        @Doc("How long a connection may be silent while nothing runs on it; `0s` is for ever") @Default("0s")
                Duration idleTimeout,
        @Doc("How long a client may take to log in") @Default("10s") Duration loginTimeout,
        @Doc("Connections that may wait to be accepted") @Default("1024") int backlog,
        @Doc("How long a status request is held open; Hive's drivers cannot cancel meanwhile") @Default("800ms")
                Duration pollLimit,
        @Doc("Connections at most; `0` is no limit") @Default("20000") int maxConnections,
        @Doc("Connections from one address at most; `0` is no limit. All that come through a proxy are from"
                        + " its address")
                @Default("0")
                int maxConnectionsPerAddress,
        @Doc("The same protocol over HTTP; what is not said here is as above") ThriftHttpConfig http) {
    public ThriftConfig {
        new Checks()
                .filled("host", host)
                .port("port", port)
                .sized("max-message-size", new DataSize(1024), maxMessageSize)
                .that(
                        maxMessageSize.bytes() <= Integer.MAX_VALUE - 1024,
                        "max-message-size",
                        "is " + maxMessageSize + ", expected less than 2GB")
                .notNegative("idle-timeout", idleTimeout)
                .positive("login-timeout", loginTimeout)
                .atLeast("backlog", 1, backlog)
                .notNegative("poll-limit", pollLimit)
                .atLeast("max-connections", 0, maxConnections)
                .atLeast("max-connections-per-address", 0, maxConnectionsPerAddress)
                .that(
                        !http.enabled() || port == 0 || port != http.port(),
                        "http.port",
                        "is " + http.port()
                                + ", which is thrift.port: choose another, or set thrift.http.enabled to false")
                .done();
    }
}
