package io.torii.server.frontend.home;

/**
 * A request as it arrived. Its body may hold a token, so it is never printed.
 *
 * @param path without a query
 * @param signature the header's value; empty if there is none
 */
record HomeRequest(String method, String path, String contentType, String signature, String body) {
    @Override
    public String toString() {
        return method + " " + path;
    }
}
