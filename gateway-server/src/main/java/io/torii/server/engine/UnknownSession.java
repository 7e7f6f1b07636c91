package io.torii.server.engine;

/** The engine does not have this session: it has never seen it, or has let it go. */
public final class UnknownSession extends RuntimeException {
    public UnknownSession(String message) {
        super(message);
    }
}
