package io.torii.server.config;

/** Where administrators' tools ask for health, metrics and status, over HTTP. Immutable. */
public record AdminConfig(
        @Doc("Whether there is such a port") @Default("true") boolean enabled,
        @Doc(
                        "Address to listen on; health and metrics are for all who can reach it, `/status` wants the token of the file"
                                + " `admin.token` in the work directory")
                @Default("127.0.0.1")
                String host,
        @Doc("Port; `0` picks a free one") @Default("10099") int port) {
    public AdminConfig {
        new Checks().filled("host", host).port("port", port).done();
    }
}
