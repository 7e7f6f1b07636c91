package io.torii.server.config;

import static java.util.Objects.requireNonNull;

import io.torii.server.config.ConfigNode.Group;
import io.torii.server.config.ConfigNode.Items;
import io.torii.server.config.ConfigNode.Nothing;
import io.torii.server.config.ConfigNode.Scalar;
import io.torii.server.config.ConfigSchema.Key;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Makes records of what was written. Whatever cannot be read is noted and replaced by its default, so that the rest is
 * checked too; the result counts only if nothing was noted. Not thread-safe.
 */
final class ConfigBinder {
    private final List<ConfigProblem> problems;

    ConfigBinder(List<ConfigProblem> problems) {
        this.problems = requireNonNull(problems, "problems");
    }

    /** Empty if not even its defaults could be made. */
    <R> Optional<R> bind(Class<R> type, ConfigNode node) {
        return Optional.ofNullable(type.cast(record(type, node, "")));
    }

    /** The default of a key as a node. */
    static ConfigNode preset(Key key) {
        List<ConfigProblem> none = new ArrayList<>();
        return key.preset()
                .map(yaml -> new YamlReader("", name -> null, none).read(yaml))
                .orElse(new Nothing(""));
    }

    private Object record(Class<?> type, ConfigNode node, String path) {
        Map<String, Key> keys = ConfigSchema.byName(type, path);
        Map<String, ConfigNode> entries = entriesOf(node, path);
        entries.forEach((name, value) -> {
            if (!keys.containsKey(name)) {
                String full = path.isEmpty() ? name : path + '.' + name;
                String near = path.contains("[")
                        ? ConfigSchema.suggestion(name, keys.values())
                        : ConfigSchema.suggestion(name, path);
                problems.add(new ConfigProblem(value.where(), full, "is not known" + near));
            }
        });
        Object[] values = keys.values().stream()
                .map(key -> value(key, entries.getOrDefault(key.name(), new Nothing(node.where()))))
                .toArray();
        return construct(type, values, node, path);
    }

    private Map<String, ConfigNode> entriesOf(ConfigNode node, String path) {
        if (node instanceof Group group) {
            return group.entries();
        }
        if (!(node instanceof Nothing)) {
            problems.add(new ConfigProblem(node.where(), path, "is a value, expected keys below it"));
        }
        return Map.of();
    }

    private Object value(Key key, ConfigNode node) {
        Class<?> raw = ConfigSchema.raw(key.type());
        if (key.isGroup()) {
            return record(raw, node, key.path());
        }
        if (node instanceof Nothing) {
            ConfigNode preset = preset(key);
            return preset instanceof Nothing ? Optional.empty() : typed(key.type(), preset, key.path());
        }
        try {
            return typed(key.type(), node, key.path());
        } catch (IllegalArgumentException e) {
            if (problems.stream().noneMatch(known -> known.key().equals(key.path()))) {
                problems.add(new ConfigProblem(node.where(), key.path(), e.getMessage()));
            }
            ConfigNode preset = preset(key);
            return preset instanceof Nothing ? Optional.empty() : typed(key.type(), preset, key.path());
        }
    }

    private Object typed(Type type, ConfigNode node, String path) {
        Class<?> raw = ConfigSchema.raw(type);
        if (raw == Optional.class) {
            String text = textOf(node);
            return text.isEmpty() ? Optional.empty() : Optional.of(typed(ConfigSchema.content(type), node, path));
        }
        if (raw == List.class) {
            return list(ConfigSchema.content(type), node, path);
        }
        if (raw == Map.class) {
            return map(node);
        }
        return Texts.parse(raw, textOf(node));
    }

    private List<Object> list(Type content, ConfigNode node, String path) {
        boolean ofRecords = ConfigSchema.raw(content).isRecord();
        List<Object> values = new ArrayList<>();
        if (node instanceof Scalar scalar && !ofRecords) {
            Arrays.stream(scalar.text().split(","))
                    .map(String::trim)
                    .filter(text -> !text.isEmpty())
                    .forEach(text -> values.add(Texts.parse(ConfigSchema.raw(content), text)));
            return values;
        }
        if (!(node instanceof Items items)) {
            throw new IllegalArgumentException("is no list, expected one with '- ' before each item");
        }
        for (int i = 0; i < items.items().size(); i++) {
            ConfigNode item = items.items().get(i);
            values.add(
                    ofRecords
                            ? record(ConfigSchema.raw(content), item, path + '[' + i + ']')
                            : typed(content, item, path));
        }
        return values;
    }

    private static Map<String, String> map(ConfigNode node) {
        if (!(node instanceof Group group)) {
            throw new IllegalArgumentException("is a value, expected keys and values below it");
        }
        Map<String, String> values = new LinkedHashMap<>();
        group.entries().forEach((key, value) -> values.put(key, textOf(value)));
        return values;
    }

    private static String textOf(ConfigNode node) {
        if (node instanceof Scalar scalar) {
            return scalar.text();
        }
        if (node instanceof Nothing) {
            return "";
        }
        throw new IllegalArgumentException("has more below it, expected a single value");
    }

    private Object construct(Class<?> type, Object[] values, ConfigNode node, String path) {
        RecordComponent[] components = type.getRecordComponents();
        Class<?>[] types =
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        try {
            Constructor<?> constructor = type.getDeclaredConstructor(types);
            return constructor.newInstance(values);
        } catch (InvocationTargetException e) {
            if (!(e.getCause() instanceof InvalidConfigException invalid)) {
                throw new IllegalStateException(type + " cannot be made", e.getCause());
            }
            if (node instanceof Nothing && node.where().isEmpty()) {
                return null;
            }
            invalid.problems().forEach(problem -> note(problem, node, path));
            return record(type, new Nothing(""), path);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(type + " cannot be made", e);
        }
    }

    /** What contradicts a key that is known to be wrong says nothing new. */
    private void note(ConfigProblem problem, ConfigNode node, String path) {
        String key = path.isEmpty() ? problem.key() : path + '.' + problem.key();
        if (problems.stream().noneMatch(known -> known.key().startsWith(key))) {
            problems.add(new ConfigProblem(find(node, problem.key()), key, problem.message()));
        }
    }

    /** Where a key below this node was written; if it was not, where the group was. */
    private static String find(ConfigNode node, String key) {
        ConfigNode here = node;
        for (String name : key.split("\\.")) {
            if (!(here instanceof Group group) || !group.entries().containsKey(name)) {
                break;
            }
            here = group.entries().get(name);
        }
        return here.where();
    }
}
