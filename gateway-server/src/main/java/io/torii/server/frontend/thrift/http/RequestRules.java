package io.torii.server.frontend.thrift.http;

import io.torii.server.auth.Identity;
import java.util.Locale;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.Fields;

/**
 * What a request must be like before anything of its content is read. Nothing that a browser posts is served: a page of
 * another site must not use a user's cookie, nor reach a gateway without passwords by a name that it had point to this host.
 * Immutable.
 */
record RequestRules(String path, int messageBytes) {
    static final String THRIFT = "application/x-thrift";
    private static final String AS_USER = "doAs";
    private static final String ORIGIN = "Origin";
    private static final String FETCH_SITE = "Sec-Fetch-Site";

    void check(Request request) throws Refusal {
        String asked = request.getHttpURI().getCanonicalPath();
        if (!path().equals(asked) && !(path() + "/").equals(asked)) {
            throw new Refusal(
                    HttpStatus.NOT_FOUND_404, "There is nothing here; Hive's Thrift protocol is at " + path());
        }
        if (!HttpMethod.POST.is(request.getMethod())) {
            throw new Refusal(
                    HttpStatus.METHOD_NOT_ALLOWED_405,
                    "This is Torii's Thrift HTTP port, to which messages are posted;"
                            + " connect a Hive JDBC driver with transportMode=http;httpPath=" + path.substring(1));
        }
        if (request.getHeaders().contains(ORIGIN) || request.getHeaders().contains(FETCH_SITE)) {
            throw new Refusal(HttpStatus.FORBIDDEN_403, "Requests of web pages are not served here");
        }
        String type = request.getHeaders().get(HttpHeader.CONTENT_TYPE);
        if (type == null
                || !type.toLowerCase(Locale.ROOT).split(";", 2)[0].strip().equals(THRIFT)) {
            throw new Refusal(HttpStatus.UNSUPPORTED_MEDIA_TYPE_415, "The content type must be " + THRIFT);
        }
        HttpField encoding = request.getHeaders().getField(HttpHeader.CONTENT_ENCODING);
        if (encoding != null && !encoding.contains("identity")) {
            throw new Refusal(
                    HttpStatus.UNSUPPORTED_MEDIA_TYPE_415, "Compressed requests are not supported; send them plain");
        }
        if (request.getLength() > messageBytes) {
            throw new Refusal(HttpStatus.PAYLOAD_TOO_LARGE_413, "A message is larger than " + messageBytes + " bytes");
        }
    }

    /** Whom a session is for is said when it is opened, not by each request. */
    void check(Request request, Identity identity) throws Refusal {
        String query = request.getHttpURI().getQuery();
        if (query == null || query.isEmpty()) {
            return;
        }
        Fields parameters;
        try {
            parameters = Request.extractQueryParameters(request);
        } catch (RuntimeException e) {
            throw new Refusal(HttpStatus.BAD_REQUEST_400, "The query of the URL cannot be read");
        }
        for (Fields.Field field : parameters) {
            if (field.getName().equalsIgnoreCase(AS_USER)
                    && field.getValues().stream().anyMatch(name -> !name.isEmpty() && !name.equals(identity.user()))) {
                throw new Refusal(
                        HttpStatus.FORBIDDEN_403,
                        "User " + identity.user() + " may not act as somebody else by " + AS_USER
                                + "; who may act for others opens a session with hive.server2.proxy.user");
            }
        }
    }
}
