package io.torii.server.engine;

/** What is known, when an engine gets a statement, of the way of its handle to the client that submitted it. */
public enum Handover {
    /** This gateway knows, or will, whether the client gets it. */
    UNDER_WAY,

    /** The client has it. */
    ARRIVED,

    /** Nobody knows: the gateway that took the submission has died. */
    IN_DOUBT
}
