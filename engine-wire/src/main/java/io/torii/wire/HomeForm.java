package io.torii.wire;

import java.util.LinkedHashMap;
import java.util.Map;

/** A form as engines and gateways exchange it: {@code application/x-www-form-urlencoded} in UTF-8. Not thread-safe. */
public final class HomeForm {
    public static final String CONTENT_TYPE = "application/x-www-form-urlencoded";

    private final Map<String, String> fields = new LinkedHashMap<>();

    public HomeForm add(String name, Object value) {
        fields.put(name, value.toString());
        return this;
    }

    /** The field, or an empty text. */
    public String get(String name) {
        return fields.getOrDefault(name, "");
    }

    public String encode() {
        StringBuilder text = new StringBuilder();
        fields.forEach((name, value) -> text.append(text.length() == 0 ? "" : "&")
                .append(HeaderText.encode(name))
                .append('=')
                .append(HeaderText.encode(value)));
        return text.toString();
    }

    /** @throws IllegalArgumentException if it is not a form, or a field is there twice */
    public static HomeForm parse(String text) {
        HomeForm form = new HomeForm();
        if (text.isEmpty()) {
            return form;
        }
        for (String pair : text.split("&", -1)) {
            int equals = pair.indexOf('=');
            if (equals < 1) {
                throw new IllegalArgumentException("Not a form: a field has no name or no value");
            }
            String name = decode(pair.substring(0, equals));
            if (form.fields.containsKey(name)) {
                throw new IllegalArgumentException("Not a form of ours: a field is there twice");
            }
            form.fields.put(name, decode(pair.substring(equals + 1)));
        }
        return form;
    }

    private static String decode(String text) {
        try {
            return HeaderText.decode(text.replace("+", "%20"));
        } catch (WireException e) {
            throw new IllegalArgumentException("Not a form: malformed percent-encoding", e);
        }
    }
}
