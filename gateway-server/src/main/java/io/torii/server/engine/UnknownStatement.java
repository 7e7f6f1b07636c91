package io.torii.server.engine;

/** The engine has the session, but not this statement: it has never seen it, or has closed it. */
public final class UnknownStatement extends RuntimeException {
    public UnknownStatement(String message) {
        super(message);
    }
}
