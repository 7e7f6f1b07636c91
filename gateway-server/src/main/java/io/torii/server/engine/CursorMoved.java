package io.torii.server.engine;

/** The engine's cursor is not at the rows that were read ahead. */
public final class CursorMoved extends RuntimeException {
    public CursorMoved(String message) {
        super(message);
    }
}
