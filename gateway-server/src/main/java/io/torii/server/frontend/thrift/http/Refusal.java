package io.torii.server.frontend.thrift.http;

import org.eclipse.jetty.http.HttpStatus;

/** Why a request is not served: a status and a sentence for the client. */
final class Refusal extends Exception {
    private static final long serialVersionUID = 1;

    private final int status;

    Refusal(int status, String sentence) {
        super(sentence, null, false, false);
        this.status = status;
    }

    static Refusal unauthorized(String sentence) {
        return new Refusal(HttpStatus.UNAUTHORIZED_401, sentence);
    }

    int status() {
        return status;
    }
}
