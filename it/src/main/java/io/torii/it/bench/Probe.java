package io.torii.it.bench;

import java.time.Duration;
import java.util.List;

/** One question to all opponents. Keeps nothing between its rounds. */
interface Probe {
    String SELECT_1 = "SELECT 1";
    int FETCH_SIZE = 10_000;

    /** Where a round's values go. */
    interface Recorder {
        void record(Metric metric, double value);
    }

    /** Name on the command line. */
    String name();

    List<Metric> metrics();

    /**
     * So long each opponent warms up, in rounds that are not counted, until its compilers have nothing left to do; zero for
     * none.
     */
    default Duration warmUp() {
        return Duration.ofSeconds(30);
    }

    /** Rounds that count, if so many are asked for: a probe whose rounds take long does fewer. */
    default int rounds(int asked) {
        return asked;
    }

    /** Once before the rounds. */
    default void prepare(Opponent opponent) throws Exception {}

    /** @param turn a number that no other round of this probe has */
    void round(Opponent opponent, int turn, Recorder recorder) throws Exception;
}
