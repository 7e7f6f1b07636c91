package io.torii.server.config;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Configuration as written, before anything is known of its types; each part knows where it is from. Immutable. */
sealed interface ConfigNode {
    String where();

    record Scalar(String text, String where) implements ConfigNode {}

    record Group(Map<String, ConfigNode> entries, String where) implements ConfigNode {
        public Group {
            entries = Collections.unmodifiableMap(new LinkedHashMap<>(entries));
        }

        Group with(String key, ConfigNode value) {
            Map<String, ConfigNode> changed = new LinkedHashMap<>(entries);
            changed.put(key, value);
            return new Group(changed, where);
        }
    }

    record Items(List<ConfigNode> items, String where) implements ConfigNode {
        public Items {
            items = List.copyOf(items);
        }
    }

    record Nothing(String where) implements ConfigNode {}
}
