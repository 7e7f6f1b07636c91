package io.torii.server.session;

import static java.util.Objects.requireNonNull;

import io.torii.server.auth.Identity;

/**
 * Who calls, and from where.
 *
 * @param address the client's IP address, without a port
 */
public record Caller(Identity identity, String address) {
    public Caller {
        requireNonNull(identity, "identity");
        requireNonNull(address, "address");
    }

    public String user() {
        return identity.user();
    }
}
