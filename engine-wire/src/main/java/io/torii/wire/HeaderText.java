package io.torii.wire;

import java.io.UnsupportedEncodingException;
import java.net.URLDecoder;
import java.net.URLEncoder;

/** Any text as a header's value: percent-encoded UTF-8. */
public final class HeaderText {
    private static final String UTF_8 = "UTF-8";

    private HeaderText() {}

    public static String encode(String text) {
        try {
            return URLEncoder.encode(text, UTF_8).replace("+", "%20");
        } catch (UnsupportedEncodingException e) {
            throw new IllegalStateException("This Java has no UTF-8", e);
        }
    }

    /** Fails with a {@link WireException} if the value is not well-formed. */
    public static String decode(String value) {
        try {
            return URLDecoder.decode(value.replace("+", "%2B"), UTF_8);
        } catch (IllegalArgumentException e) {
            throw new WireException(WireProtocol.BAD_REQUEST, "Malformed percent-encoding in a header", e);
        } catch (UnsupportedEncodingException e) {
            throw new IllegalStateException("This Java has no UTF-8", e);
        }
    }
}
