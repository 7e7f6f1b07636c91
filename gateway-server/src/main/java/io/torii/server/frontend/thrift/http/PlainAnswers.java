package io.torii.server.frontend.thrift.http;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpHeaderValue;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/** Refusals as a line of plain text, also where Jetty itself refuses. They end the connection. Thread-safe. */
public final class PlainAnswers extends ErrorHandler {
    private static final String REALM = "Basic realm=\"Torii\"";

    static void write(Response response, Refusal refusal, Callback callback) {
        response.setStatus(refusal.status());
        response.getHeaders().remove(HttpHeader.SET_COOKIE);
        response.getHeaders().put(HttpHeader.CONNECTION, HttpHeaderValue.CLOSE.asString());
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/plain;charset=utf-8");
        if (refusal.status() == HttpStatus.UNAUTHORIZED_401) {
            response.getHeaders().put(HttpHeader.WWW_AUTHENTICATE, REALM);
        } else if (refusal.status() == HttpStatus.METHOD_NOT_ALLOWED_405) {
            response.getHeaders().put(HttpHeader.ALLOW, "POST");
        }
        response.write(true, ByteBuffer.wrap(bytes(refusal.getMessage())), callback);
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        int status = response.getStatus();
        write(response, new Refusal(status, sentence(status, HttpStatus.getMessage(status))), callback);
        return true;
    }

    @Override
    public ByteBuffer badMessageError(int status, String reason, org.eclipse.jetty.http.HttpFields.Mutable headers) {
        headers.put(HttpHeader.CONTENT_TYPE, "text/plain;charset=utf-8");
        return ByteBuffer.wrap(bytes(sentence(status, reason)));
    }

    private static String sentence(int status, String reason) {
        return "The request cannot be served: " + status + " " + reason;
    }

    private static byte[] bytes(String sentence) {
        return (sentence + "\n").getBytes(StandardCharsets.UTF_8);
    }
}
