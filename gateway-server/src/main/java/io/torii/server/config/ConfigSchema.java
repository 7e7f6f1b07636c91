package io.torii.server.config;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What keys there are, read off the records. Thread-safe. */
final class ConfigSchema {
    private ConfigSchema() {}

    /**
     * One key, or a group of keys.
     *
     * @param preset its default as YAML; empty for optional keys and groups
     */
    record Key(String path, Type type, Optional<String> preset, String doc) {
        String name() {
            return path.substring(path.lastIndexOf('.') + 1);
        }

        boolean isGroup() {
            return raw(type).isRecord() && !Texts.isScalar(raw(type));
        }

        /** Whether each of its items has keys. */
        boolean isListOfGroups() {
            return raw(type) == List.class && raw(content(type)).isRecord();
        }

        /** The environment variable that overrides it. */
        String variable() {
            return "TORII_" + path.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
        }
    }

    /** The keys of a record, in order; {@code path} is the record's own, empty for the root. */
    static List<Key> keysOf(Class<?> type, String path) {
        return Arrays.stream(type.getRecordComponents())
                .map(component -> key(component, path))
                .toList();
    }

    /** All keys below a record, groups before what is in them; what is in lists left out. */
    static List<Key> allKeysOf(Class<?> type, String path) {
        List<Key> keys = new ArrayList<>();
        for (Key key : keysOf(type, path)) {
            keys.add(key);
            if (key.isGroup()) {
                keys.addAll(allKeysOf(raw(key.type()), key.path()));
            }
        }
        return keys;
    }

    static Map<String, Key> byName(Class<?> type, String path) {
        Map<String, Key> keys = new LinkedHashMap<>();
        keysOf(type, path).forEach(key -> keys.put(key.name(), key));
        return keys;
    }

    static Class<?> raw(Type type) {
        return (Class<?>) (type instanceof ParameterizedType generic ? generic.getRawType() : type);
    }

    /** The last argument of a generic type: what is in it. */
    static Type content(Type type) {
        Type[] arguments = ((ParameterizedType) type).getActualTypeArguments();
        return arguments[arguments.length - 1];
    }

    /** " ; did you mean …?", or nothing if no key comes near. */
    static String suggestion(String unknown, String path) {
        String wanted = plain(unknown);
        List<String> names =
                allKeysOf(GatewayConfig.class, "").stream().map(Key::path).toList();
        Optional<String> near = nearest(wanted, siblings(names, path)).or(() -> names.stream()
                .filter(name -> plain(name.substring(name.lastIndexOf('.') + 1)).equals(wanted))
                .findFirst());
        return near.map(name -> "; did you mean " + name + "?").orElse("");
    }

    /** As {@link #suggestion(String, String)}, among these names only. */
    static String suggestion(String unknown, Collection<Key> known) {
        return nearest(plain(unknown), known.stream().map(Key::path).toList())
                .map(name -> "; did you mean " + name + "?")
                .orElse("");
    }

    private static List<String> siblings(List<String> names, String path) {
        String prefix = path.isEmpty() ? "" : path + '.';
        return names.stream()
                .filter(name -> name.startsWith(prefix) && name.indexOf('.', prefix.length()) < 0)
                .toList();
    }

    private static Optional<String> nearest(String wanted, Collection<String> names) {
        int limit = Math.max(2, wanted.length() / 3);
        return names.stream()
                .filter(name -> distance(wanted, lastOf(name)) <= limit)
                .min(Comparator.comparingInt(name -> distance(wanted, lastOf(name))));
    }

    private static String lastOf(String path) {
        return plain(path.substring(path.lastIndexOf('.') + 1));
    }

    private static String plain(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[-_ ]", "");
    }

    private static int distance(String left, String right) {
        int[] row = new int[right.length() + 1];
        Arrays.setAll(row, index -> index);
        for (int i = 1; i <= left.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= right.length(); j++) {
                int change = diagonal + (left.charAt(i - 1) == right.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(change, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[right.length()];
    }

    private static Key key(RecordComponent component, String path) {
        String name = Texts.label(component.getName());
        Default preset = component.getAnnotation(Default.class);
        Doc doc = component.getAnnotation(Doc.class);
        if (doc == null) {
            throw new IllegalStateException(component + " has no @Doc");
        }
        return new Key(
                path.isEmpty() ? name : path + '.' + name,
                component.getGenericType(),
                Optional.ofNullable(preset).map(Default::value),
                doc.value());
    }
}
