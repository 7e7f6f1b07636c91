package io.torii.server.config;

/** How much of everything there may be; 0 is no limit. Immutable. */
public record LimitsConfig(
        @Doc("Open sessions, over all gateways") @Default("0") int sessions,
        @Doc("Open sessions of one user") @Default("0") int sessionsPerUser,
        @Doc("Open sessions from one address") @Default("0") int sessionsPerAddress,
        @Doc("Open sessions of one user from one address") @Default("0") int sessionsPerUserAndAddress,
        @Doc("Statements of one session that have not been closed") @Default("1000") int statementsPerSession,
        @Doc("Engines of one user that are starting or running, on all clusters together") @Default("10")
                int enginesPerUser) {
    public LimitsConfig {
        new Checks()
                .atLeast("sessions", 0, sessions)
                .atLeast("sessions-per-user", 0, sessionsPerUser)
                .atLeast("sessions-per-address", 0, sessionsPerAddress)
                .atLeast("sessions-per-user-and-address", 0, sessionsPerUserAndAddress)
                .atLeast("statements-per-session", 0, statementsPerSession)
                .atLeast("engines-per-user", 0, enginesPerUser)
                .done();
    }
}
