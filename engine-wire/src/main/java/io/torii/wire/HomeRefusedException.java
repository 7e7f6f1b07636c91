package io.torii.wire;

/** The gateways will not have this engine: its launch is not known, its token was used, or its lease is over. */
public final class HomeRefusedException extends Exception {
    HomeRefusedException(String message) {
        super(message);
    }
}
