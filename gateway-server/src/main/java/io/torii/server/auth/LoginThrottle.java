package io.torii.server.auth;

import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * How often logins may be tried. Counts wrong passwords of each user and address, and of each address whatever the user; a
 * check that is under way counts as a wrong one until its end, so that trying at the same time gains nothing. Who has logged
 * in from an address before does not suffer from what others do there. Not thread-safe.
 */
final class LoginThrottle {
    /** Wrong passwords of a user from an address before the first pause. */
    static final int OF_SOURCE = 5;

    /** Wrong passwords from an address, and checks under way for it: its share of those that can wait. */
    static final int OF_ADDRESS = 100;

    private static final int REMEMBERED = 10_000;
    private static final Duration FORGET = Duration.ofMinutes(5);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
    private static final Duration ONE_FORGIVEN = Duration.ofSeconds(10);

    /** What became of a check. */
    enum Outcome {
        RIGHT,
        WRONG,
        UNDECIDED
    }

    /** Who tries, and from where. */
    record Source(String user, String address) {
        /** Directories do not care for case and spaces: another spelling must not be another five tries. */
        static Source of(String user, String address) {
            return new Source(user.strip().replaceAll("\\s+", " ").toLowerCase(Locale.ROOT), address);
        }
    }

    /** @param known whether it has logged in before */
    private record History(int failures, long lastMillis, boolean known) {}

    private final Clock clock;
    private final Map<Source, History> sources = new Recent<>();
    private final Map<String, Long> forgivenMillis = new Recent<>(); // when nothing is held against an address any more
    private final Map<Source, Integer> underWayOfSource = new HashMap<>();
    private final Map<String, Integer> underWayOfAddress = new HashMap<>();

    LoginThrottle(Clock clock) {
        this.clock = clock;
    }

    /** Why this source may not try now, or empty: then a check is under way until {@link #end}. */
    Optional<String> begin(Source source) {
        Optional<String> refusal = refusal(source);
        if (refusal.isEmpty()) {
            underWayOfSource.merge(source, 1, Integer::sum);
            underWayOfAddress.merge(source.address, 1, Integer::sum);
        }
        return refusal;
    }

    void end(Source source, Outcome outcome) {
        underWayOfSource.computeIfPresent(source, (key, count) -> count == 1 ? null : count - 1);
        underWayOfAddress.computeIfPresent(source.address, (key, count) -> count == 1 ? null : count - 1);
        if (outcome == Outcome.RIGHT) {
            sources.put(source, new History(0, clock.millis(), true));
        } else if (outcome == Outcome.WRONG) {
            remember(source);
        }
    }

    private Optional<String> refusal(Source source) {
        int checks = underWayOfSource.getOrDefault(source, 0);
        History history = sources.get(source);
        int failures = history == null ? 0 : history.failures;
        long pause = failures < OF_SOURCE ? 0 : history.lastMillis + pauseMillis(failures) - clock.millis();
        if (pause > 0) {
            return Optional.of("Too many failed logins of " + source.user + " from " + source.address
                    + "; try again in " + (pause + 999) / 1000 + " s");
        }
        if (checks > 0 && failures + checks >= OF_SOURCE) {
            return Optional.of("Too many logins of " + source.user + " from " + source.address
                    + " at once; try again in a moment");
        }
        int checksOfAddress = underWayOfAddress.getOrDefault(source.address, 0);
        int failuresOfAddress = history != null && history.known ? 0 : failuresOf(source.address);
        if (failuresOfAddress >= OF_ADDRESS) {
            return Optional.of("Too many failed logins from " + source.address + "; try again in "
                    + ONE_FORGIVEN.toSeconds() + " s");
        }
        return failuresOfAddress + checksOfAddress < OF_ADDRESS
                ? Optional.empty()
                : Optional.of("Too many logins from " + source.address + " at once; try again in a moment");
    }

    private static long pauseMillis(int failures) {
        return Math.min(1000L << Math.min(failures - OF_SOURCE, 5), LONGEST_PAUSE.toMillis());
    }

    private int failuresOf(String address) {
        long left = forgivenMillis.getOrDefault(address, 0L) - clock.millis();
        return left <= 0 ? 0 : (int) ((left + ONE_FORGIVEN.toMillis() - 1) / ONE_FORGIVEN.toMillis());
    }

    private void remember(Source source) {
        long now = clock.millis();
        History history = sources.get(source);
        boolean fresh = history == null || now - history.lastMillis > FORGET.toMillis();
        int failures = fresh ? 1 : history.failures + 1;
        sources.put(source, new History(failures, now, history != null && history.known));
        if (failures <= OF_SOURCE && failuresOf(source.address) < OF_ADDRESS) {
            // beyond that the source is slowed itself: a job with an old password must not shut others out
            long from = Math.max(now, forgivenMillis.getOrDefault(source.address, 0L));
            forgivenMillis.put(source.address, from + ONE_FORGIVEN.toMillis());
        }
    }

    /** The latest that were used. */
    private static final class Recent<K, V> extends LinkedHashMap<K, V> {
        private static final long serialVersionUID = 1;

        private Recent() {
            super(16, 0.75f, true);
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
            return size() > REMEMBERED;
        }
    }
}
