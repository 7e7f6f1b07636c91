package io.torii.server.frontend.thrift;

/** Bytes that are no message, or one that is larger than allowed: the connection cannot go on. */
final class MalformedMessageException extends Exception {
    MalformedMessageException(String message) {
        super(message, null, false, false);
    }
}
