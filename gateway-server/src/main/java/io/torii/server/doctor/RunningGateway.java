package io.torii.server.doctor;

import java.util.Map;

/**
 * The gateway that has the work directory now. Immutable.
 *
 * @param ports that it listens on, by name; empty while it starts or ends
 */
public record RunningGateway(long pid, Map<String, Integer> ports) {
    public RunningGateway {
        ports = Map.copyOf(ports);
    }

    /** For people. */
    String words() {
        return "the running gateway (pid " + pid + ")";
    }
}
