package io.torii.server.session;

import static java.util.Objects.requireNonNull;

import java.util.Map;

/**
 * A wish for a session.
 *
 * @param protocolVersion the negotiated Hive protocol as its enum's number (0 is V1, 9 is V10): pages are encoded for it
 * @param settings as the client sent them: {@code set:hiveconf:k}, {@code use:database}, plain keys; nothing resolved yet
 * @param frontend {@code thrift-binary} and the like, for people
 */
public record SessionRequest(Caller caller, int protocolVersion, Map<String, String> settings, String frontend) {
    public SessionRequest {
        requireNonNull(caller, "caller");
        settings = Map.copyOf(settings);
        requireNonNull(frontend, "frontend");
    }
}
