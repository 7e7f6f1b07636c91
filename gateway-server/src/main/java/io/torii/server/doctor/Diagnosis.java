package io.torii.server.doctor;

import io.torii.api.check.Finding;

/** How many findings there were of each kind. Immutable. */
public record Diagnosis(int ok, int warned, int failed, int skipped) {
    static final Diagnosis NOTHING = new Diagnosis(0, 0, 0, 0);

    Diagnosis with(Finding finding) {
        return switch (finding.level()) {
            case OK -> new Diagnosis(ok + 1, warned, failed, skipped);
            case WARN -> new Diagnosis(ok, warned + 1, failed, skipped);
            case FAIL -> new Diagnosis(ok, warned, failed + 1, skipped);
            case SKIP -> new Diagnosis(ok, warned, failed, skipped + 1);
        };
    }

    /** One line. */
    public String summary() {
        return ok + " ok, " + warned + " odd, " + failed + " wrong, " + skipped + " not looked at";
    }

    /** Of the program: 0 if nothing was wrong. */
    public int exitCode() {
        return failed == 0 ? 0 : 1;
    }
}
