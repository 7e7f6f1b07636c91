package io.torii.server.config;

import io.torii.server.config.ConfigNode.Group;
import io.torii.server.config.ConfigNode.Items;
import io.torii.server.config.ConfigNode.Nothing;
import io.torii.server.config.ConfigNode.Scalar;
import io.torii.server.config.ConfigSchema.Key;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Puts single values over what the file says: {@code clusters.local.settings.spark.driver.memory}. Thread-safe. */
final class ConfigOverride {
    private ConfigOverride() {}

    /** The node with this key set; throws IllegalArgumentException if there is no such key. */
    static ConfigNode set(ConfigNode root, String key, Scalar value) {
        return below(GatewayConfig.class, root, "", key, value);
    }

    private static ConfigNode below(Class<?> type, ConfigNode node, String path, String rest, Scalar value) {
        Map<String, Key> keys = ConfigSchema.byName(type, path);
        int dot = rest.indexOf('.');
        String name = dot < 0 ? rest : rest.substring(0, dot);
        Key key = keys.get(name);
        if (key == null) {
            String near = keys.values().stream().allMatch(known -> known.path().contains("["))
                    ? ConfigSchema.suggestion(name, keys.values())
                    : ConfigSchema.suggestion(name, path);
            throw new IllegalArgumentException("is not known" + near);
        }
        if (!(node instanceof Group) && !(node instanceof Nothing)) {
            return node; // a value where keys are expected: found when it is bound
        }
        Group group = node instanceof Group there ? there : new Group(Map.of(), value.where());
        ConfigNode child = group.entries().getOrDefault(name, new Nothing(value.where()));
        return group.with(name, changed(key, child, dot < 0 ? "" : rest.substring(dot + 1), value));
    }

    private static ConfigNode changed(Key key, ConfigNode node, String rest, Scalar value) {
        Class<?> raw = ConfigSchema.raw(key.type());
        if (!rest.isEmpty() && key.isGroup()) {
            return below(raw, node, key.path(), rest, value);
        }
        if (!rest.isEmpty() && raw == Map.class) {
            if (node instanceof Nothing) {
                return new Group(Map.of(rest, value), value.where());
            }
            return node instanceof Group group ? group.with(rest, value) : node;
        }
        if (!rest.isEmpty() && raw == List.class) {
            return item(key, node, rest, value);
        }
        if (!rest.isEmpty()) {
            throw new IllegalArgumentException("is not known; " + key.path() + " has nothing below it");
        }
        if (key.isGroup()) {
            throw new IllegalArgumentException("is a group of keys, expected one of them");
        }
        return value;
    }

    /** Items of a list are found by their name. */
    private static ConfigNode item(Key key, ConfigNode node, String rest, Scalar value) {
        Type content = ConfigSchema.content(key.type());
        int dot = rest.indexOf('.');
        if (!ConfigSchema.raw(content).isRecord() || dot < 0) {
            throw new IllegalArgumentException("is not known");
        }
        ConfigNode list = node instanceof Nothing ? ConfigBinder.preset(key) : node;
        if (!(list instanceof Items items)) {
            return node;
        }
        List<ConfigNode> changed = new ArrayList<>(items.items());
        for (int i = 0; i < changed.size(); i++) {
            if (nameOf(changed.get(i), ConfigSchema.raw(content)).equals(rest.substring(0, dot))) {
                String path = key.path() + '[' + i + ']';
                changed.set(i, below(ConfigSchema.raw(content), changed.get(i), path, rest.substring(dot + 1), value));
                return new Items(changed, list.where());
            }
        }
        throw new IllegalArgumentException("is not known: " + key.path() + " has no '" + rest.substring(0, dot) + "'");
    }

    private static String nameOf(ConfigNode item, Class<?> type) {
        if (item instanceof Group group && group.entries().get("name") instanceof Scalar name) {
            return name.text();
        }
        return ConfigSchema.byName(type, "").get("name").preset().orElse("");
    }
}
