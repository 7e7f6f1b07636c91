package io.torii.server.frontend.thrift.http;

import io.torii.server.frontend.thrift.HiveService;

/**
 * What all exchanges of a port share. Thread-safe.
 *
 * @param secure whether the port speaks TLS
 */
record ExchangeSetup(
        HiveService service,
        RequestRules rules,
        HttpLogins logins,
        LoginCookies cookies,
        boolean secure,
        RefusalLog refusals) {
    /** A header that sets the login's cookie. */
    String cookie(String value) {
        return LoginCookies.NAME + "=" + value + "; Path=" + rules.path() + "; Max-Age="
                + cookies.maxAge().toSeconds() + "; HttpOnly" + (secure ? "; Secure" : "");
    }
}
