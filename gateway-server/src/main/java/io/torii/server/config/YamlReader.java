package io.torii.server.config;

import static java.util.Objects.requireNonNull;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/** Reads YAML without making objects of it, and replaces {@code ${ENV:NAME}}. One document, not thread-safe. */
final class YamlReader {
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{ENV:([^:}]*)(?::([^}]*))?}");
    private static final int DEEPEST = 10;

    private final String source;
    private final Function<String, String> environment;
    private final List<ConfigProblem> problems;

    YamlReader(String source, Function<String, String> environment, List<ConfigProblem> problems) {
        this.source = requireNonNull(source, "source");
        this.environment = requireNonNull(environment, "environment");
        this.problems = requireNonNull(problems, "problems");
    }

    ConfigNode read(String yaml) {
        try {
            Node root = new Yaml(new SafeConstructor(new LoaderOptions())).compose(new StringReader(yaml));
            return root == null ? new ConfigNode.Nothing(source) : convert(root, "", 0, source);
        } catch (MarkedYAMLException e) {
            problems.add(new ConfigProblem(line(e.getProblemMark().getLine()), "", "is not YAML: " + e.getProblem()));
        } catch (YAMLException e) {
            problems.add(new ConfigProblem(source, "", "is not YAML: " + e.getMessage()));
        }
        return new ConfigNode.Nothing(source);
    }

    private ConfigNode convert(Node node, String path, int depth, String where) {
        if (depth > DEEPEST) {
            problems.add(new ConfigProblem(where, path, "is nested too deeply"));
            return new ConfigNode.Nothing(where);
        }
        if (node instanceof MappingNode mapping) {
            return group(mapping, path, depth, where);
        }
        if (node instanceof SequenceNode sequence) {
            List<ConfigNode> items = new ArrayList<>();
            for (Node item : sequence.getValue()) {
                String itemPath = path + '[' + items.size() + ']';
                items.add(convert(
                        item, itemPath, depth + 1, line(item.getStartMark().getLine())));
            }
            return new ConfigNode.Items(items, where);
        }
        ScalarNode scalar = (ScalarNode) node;
        return scalar.getTag().equals(Tag.NULL)
                ? new ConfigNode.Nothing(where)
                : new ConfigNode.Scalar(resolve(scalar.getValue(), path, where), where);
    }

    private ConfigNode group(MappingNode mapping, String path, int depth, String where) {
        Map<String, ConfigNode> entries = new LinkedHashMap<>();
        for (NodeTuple tuple : mapping.getValue()) {
            if (!(tuple.getKeyNode() instanceof ScalarNode name)) {
                problems.add(new ConfigProblem(where, path, "has a key that is not a text"));
                continue;
            }
            String key = name.getValue();
            String full = path.isEmpty() ? key : path + '.' + key;
            String here = line(name.getStartMark().getLine());
            if (entries.put(key, convert(tuple.getValueNode(), full, depth + 1, here)) != null) {
                problems.add(new ConfigProblem(here, full, "is there twice"));
            }
        }
        return new ConfigNode.Group(entries, where);
    }

    private String resolve(String text, String path, String where) {
        return VARIABLE.matcher(text).replaceAll(found -> {
            String value = environment.apply(found.group(1));
            if (value == null && found.group(2) == null) {
                problems.add(new ConfigProblem(
                        where, path, "needs the environment variable " + found.group(1) + ", which is not set"));
            }
            return Matcher.quoteReplacement(value != null ? value : requireNonNullElseEmpty(found.group(2)));
        });
    }

    private static String requireNonNullElseEmpty(String text) {
        return text == null ? "" : text;
    }

    private String line(int line) {
        return source.isEmpty() ? "" : source + ':' + (line + 1);
    }
}
