package io.torii.server.engine;

import static java.util.Objects.requireNonNull;

/**
 * What an engine says of itself when it calls home; untrusted.
 *
 * @param host name or address at which it listens, without a port
 * @param applicationId the cluster's own name for it; may be empty
 * @param webUrl where its own web page is; may be empty
 * @param version what it runs, for people; may be empty
 * @param wireVersion the wire version that was agreed on
 * @throws IllegalArgumentException if a part is too long or not of its shape
 */
public record Registration(
        String host, int port, String applicationId, String webUrl, String version, int wireVersion) {
    private static final int MAX_TEXT = 1_000;

    public Registration {
        requireNonNull(host, "host");
        if (!HostShape.isHost(host)) {
            throw new IllegalArgumentException("engine host is neither a name nor an address");
        }
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("engine port: " + port + " (expected: 1 to 65535)");
        }
        requireText(applicationId, "application id");
        requireText(webUrl, "web URL");
        requireText(version, "version");
        if (wireVersion < 1) {
            throw new IllegalArgumentException("wire version: " + wireVersion + " (expected: 1 or more)");
        }
    }

    private static void requireText(String text, String what) {
        requireNonNull(text, what);
        if (text.length() > MAX_TEXT || text.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("engine " + what + " is too long or holds control characters");
        }
    }
}
