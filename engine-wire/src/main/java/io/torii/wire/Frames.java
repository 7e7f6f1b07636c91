package io.torii.wire;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** Headers of requests and answers, ours and HTTP/2's. */
final class Frames {
    private static final AsciiString POST = AsciiString.cached("POST");
    private static final AsciiString OK = AsciiString.cached("200");
    private static final Map<String, AsciiString> NAMES = new HashMap<>();

    static {
        for (String name : new String[] {
            WireProtocol.SESSION,
            WireProtocol.STATEMENT,
            WireProtocol.USER,
            WireProtocol.WAIT_MILLIS,
            WireProtocol.JOURNAL,
            WireProtocol.PINNED
        }) {
            NAMES.put(name, AsciiString.cached(name));
        }
    }

    private Frames() {}

    static Http2Headers request(WireCall call) {
        Http2Headers head =
                new DefaultHttp2Headers(false, 8).method(POST).path(WireProtocol.PATH_PREFIX.concat(call.method()));
        return add(head, call.headers(), call.body().length);
    }

    static Http2Headers answer(int status, Map<String, String> headers, int length) {
        Http2Headers head = new DefaultHttp2Headers(false, 8)
                .status(status == WireProtocol.OK ? OK : AsciiString.of(Integer.toString(status)));
        return add(head, headers, length);
    }

    private static Http2Headers add(Http2Headers head, Map<String, String> headers, int length) {
        for (Map.Entry<String, String> header : headers.entrySet()) {
            AsciiString known = NAMES.get(header.getKey());
            head.add(known == null ? header.getKey() : known, header.getValue());
        }
        return head.addInt(HttpHeaderNames.CONTENT_LENGTH, length);
    }

    /** All but HTTP/2's own. */
    static Map<String, String> headers(Http2Headers received) {
        Map<String, String> headers = new LinkedHashMap<>();
        for (Map.Entry<CharSequence, CharSequence> header : received) {
            CharSequence name = header.getKey();
            if (name.length() > 0 && name.charAt(0) != ':') {
                headers.put(name.toString(), header.getValue().toString());
            }
        }
        return headers;
    }

    /** As announced; 0 if it is not. */
    static long contentLength(Http2Headers received) {
        CharSequence length = received.get(HttpHeaderNames.CONTENT_LENGTH);
        if (length == null) {
            return 0;
        }
        try {
            return Long.parseLong(length.toString());
        } catch (NumberFormatException e) {
            return Long.MAX_VALUE;
        }
    }

    /** The status of an answer; 0 if it has none. */
    static int status(Http2Headers received) {
        CharSequence status = received.status();
        if (status == null) {
            return 0;
        }
        if (OK.contentEquals(status)) {
            return WireProtocol.OK;
        }
        try {
            return Integer.parseInt(status.toString());
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
