package io.torii.api.check;

import java.time.Duration;
import java.util.List;

/**
 * Looks whether a part of an installation is as it must be. Changes nothing that others could see, and does not need the
 * gateway to run. Asked once, by one thread.
 */
public interface Check {
    /** What it looks at, for when it does not answer. */
    String subject();

    /** How long it may take; once that is over its thread is interrupted, and what it finds later is not heard. */
    default Duration limit() {
        return Duration.ofSeconds(10);
    }

    /** A line each, in the order in which they are to be read. May block. What fails is a finding, not an exception. */
    List<Finding> look() throws InterruptedException;
}
