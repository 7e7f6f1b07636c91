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
import java.util.Objects;
import java.util.Optional;

/**
 * Makes records of what was written. Whatever cannot be read is noted and replaced by its default, so that the rest is
 * checked too; the result counts only if nothing was noted. Not thread-safe.
 */
final class ConfigBinder {
    private final List<ConfigProblem> problems;
    private final List<String> replaced = new ArrayList<>();

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
            return map(node, path);
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
        values.removeIf(Objects::isNull); // of what has to be written in each item there is no default
        return values;
    }

    private Map<String, String> map(ConfigNode node, String path) {
        if (!(node instanceof Group group)) {
            throw new IllegalArgumentException("is a value, expected keys and values below it");
        }
        Map<String, String> values = new LinkedHashMap<>();
        group.entries().forEach((key, value) -> {
            if (value instanceof Group nested) {
                problems.add(new ConfigProblem(
                        value.where(),
                        path + '.' + key,
                        "has keys below it, expected a value: a name with dots is written in one piece, as '"
                                + inOnePiece(key, nested) + ": ...'"));
            } else if (value instanceof Items) {
                problems.add(new ConfigProblem(value.where(), path + '.' + key, "is a list, expected a value"));
            } else {
                values.put(key, textOf(value));
            }
        });
        return values;
    }

    private static String inOnePiece(String key, Group group) {
        return group.entries().entrySet().stream()
                .findFirst()
                .map(first -> key
                        + '.'
                        + (first.getValue() instanceof Group nested
                                ? inOnePiece(first.getKey(), nested)
                                : first.getKey()))
                .orElse(key);
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
            note(invalid.problems(), node, path);
            replaced.add(path);
            return new ConfigBinder(new ArrayList<>()).record(type, without(invalid.problems(), node), path);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(type + " cannot be made", e);
        }
    }

    private void note(List<ConfigProblem> found, ConfigNode node, String path) {
        List<String> wrong = problems.stream().map(ConfigProblem::key).toList();
        for (ConfigProblem problem : found) {
            String key = path.isEmpty() ? problem.key() : path + '.' + problem.key();
            if (!saysNothingNew(key, wrong)) {
                problems.add(new ConfigProblem(find(node, problem.key()), key, problem.message()));
            }
        }
    }

    /** A key that is known to be wrong, or has something wrong below it, or is in a group whose values were replaced. */
    private boolean saysNothingNew(String key, List<String> wrong) {
        return wrong.stream()
                        .anyMatch(known ->
                                known.equals(key) || known.startsWith(key + '.') || known.startsWith(key + '['))
                || replaced.stream().anyMatch(group -> key.startsWith(group + '.'));
    }

    /** What is right of a group, to check other groups against it; nothing if what is wrong is not written there. */
    private static ConfigNode without(List<ConfigProblem> wrong, ConfigNode node) {
        if (!(node instanceof Group group)) {
            return new Nothing("");
        }
        Map<String, ConfigNode> right = new LinkedHashMap<>(group.entries());
        boolean less = false;
        for (ConfigProblem problem : wrong) {
            less |= right.remove(problem.key().split("\\.", 2)[0]) != null;
        }
        return less ? new Group(right, "") : new Nothing("");
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
