package io.torii.server.config;

import java.time.Duration;
import java.util.Optional;

/** The Thrift frontend over HTTP. Immutable. */
public record ThriftHttpConfig(
        @Doc("Whether clients may connect with transportMode=http") @Default("true") boolean enabled,
        @Doc("Address to listen on; that of `thrift.host` if it is not set") Optional<String> host,
        @Doc("Port; `0` picks a free one") @Default("10010") int port,
        @Doc("Path that messages are posted to: httpPath in a JDBC URL") @Default("cliservice") String path,
        @Doc("How long a login's cookie counts; after that a client sends its password again. At most `7d`")
                @Default("1d")
                Duration cookieMaxAge,
        @Doc("How long a connection may be silent between requests; sessions do not end with it") @Default("10m")
                Duration idleTimeout,
        @Doc("Connections at most; `0` is no limit") @Default("20000") int maxConnections) {
    private static final Duration LONGEST_COOKIE = Duration.ofDays(7);

    public ThriftHttpConfig {
        path = path.replaceAll("^/+|/+$", "");
        new Checks()
                .that(host.isEmpty() || !host.get().isBlank(), "host", "is empty")
                .port("port", port)
                .that(
                        path.matches("[A-Za-z0-9._~-]+(/[A-Za-z0-9._~-]+)*"),
                        "path",
                        "is '" + path + "', expected letters, digits and . _ ~ - with slashes between")
                .that(
                        cookieMaxAge.compareTo(Duration.ofSeconds(1)) >= 0
                                && cookieMaxAge.compareTo(LONGEST_COOKIE) <= 0,
                        "cookie-max-age",
                        "is " + Texts.of(cookieMaxAge) + ", expected 1s to 7d")
                .positive("idle-timeout", idleTimeout)
                .atLeast("max-connections", 0, maxConnections)
                .done();
    }

    /** Where it listens if that of the binary port is this. */
    public String hostOr(String other) {
        return host.orElse(other);
    }
}
