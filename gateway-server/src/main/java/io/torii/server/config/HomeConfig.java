package io.torii.server.config;

import java.net.URI;
import java.util.Optional;

/** The HTTP endpoint where engines register. Immutable. */
public record HomeConfig(
        @Doc("Address to listen on; engines must be able to reach it") @Default("127.0.0.1") String host,
        @Doc("Port; `0` picks a free one") @Default("10008") int port,
        @Doc("URL that engines are told, if it is not that of host and port") Optional<URI> advertise) {
    public HomeConfig {
        new Checks()
                .filled("host", host)
                .port("port", port)
                .that(
                        advertise
                                .map(url -> url.getHost() != null
                                        && ("http".equals(url.getScheme()) || "https".equals(url.getScheme())))
                                .orElse(true),
                        "advertise",
                        "is '" + advertise.map(URI::toString).orElse("") + "', expected a URL such as"
                                + " http://gateway.example.com:10008")
                .done();
    }
}
