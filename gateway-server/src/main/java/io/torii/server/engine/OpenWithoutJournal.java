package io.torii.server.engine;

/** The engine has the session open, but without lines of its journal: another gateway opened it, and knew less. */
public final class OpenWithoutJournal extends RuntimeException {
    public OpenWithoutJournal(String message) {
        super(message);
    }
}
