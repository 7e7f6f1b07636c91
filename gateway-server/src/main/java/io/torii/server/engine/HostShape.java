package io.torii.server.engine;

import java.util.regex.Pattern;

/** What may stand where a host is expected: a host name, an IPv4 address or an IPv6 address without brackets. */
final class HostShape {
    private static final int MAX_LENGTH = 253;
    private static final Pattern NAME_OR_IPV4 =
            Pattern.compile("[A-Za-z0-9]([A-Za-z0-9_-]{0,62})(\\.[A-Za-z0-9][A-Za-z0-9_-]{0,62})*\\.?");
    private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f:]*:[0-9A-Fa-f:.]*(%[A-Za-z0-9._-]{1,30})?");

    private HostShape() {}

    static boolean isHost(String host) {
        return !host.isEmpty()
                && host.length() <= MAX_LENGTH
                && (NAME_OR_IPV4.matcher(host).matches() || IPV6.matcher(host).matches());
    }
}
