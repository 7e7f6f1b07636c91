package io.torii.server.frontend.home;

import io.torii.wire.HomeForm;

/** What an engine is answered: a form, or one sentence that says what is wrong. */
record HomeAnswer(int status, String contentType, String text) {
    static final int OK = 200;
    static final int BAD_REQUEST = 400;
    static final int UNAUTHORIZED = 401;
    static final int FORBIDDEN = 403;
    static final int NOT_FOUND = 404;
    static final int METHOD_NOT_ALLOWED = 405;
    static final int UNSUPPORTED_TYPE = 415;
    static final int INTERNAL_ERROR = 500;
    static final int UNAVAILABLE = 503;

    private static final String PLAIN = "text/plain; charset=utf-8";

    static HomeAnswer form(HomeForm form) {
        return new HomeAnswer(OK, HomeForm.CONTENT_TYPE, form.encode());
    }

    static HomeAnswer text(int status, String sentence) {
        return new HomeAnswer(status, PLAIN, sentence);
    }
}
