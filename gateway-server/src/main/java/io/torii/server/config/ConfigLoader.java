package io.torii.server.config;

import static java.util.Objects.requireNonNull;

import io.torii.server.config.ConfigSchema.Key;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Reads the configuration: defaults, over them a file, over it environment variables, over them flags. Immutable,
 * thread-safe.
 */
public final class ConfigLoader {
    private static final Set<String> OF_THE_SCRIPTS = Set.of(
            "TORII_HOME",
            "TORII_CONF_DIR",
            "TORII_WORK_DIR",
            "TORII_LOG_DIR",
            "TORII_LOG_LEVEL",
            "TORII_LOG_FORMAT",
            "TORII_JAVA_OPTS");

    private final Map<String, String> environment;

    public ConfigLoader(Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
    }

    /**
     * The configuration, and what is odd but no error.
     *
     * @param warnings sentences without a full stop
     */
    public record Loaded(GatewayConfig config, List<String> warnings) {
        public Loaded {
            requireNonNull(config, "config");
            warnings = List.copyOf(warnings);
        }
    }

    /** What holds if nothing is configured. */
    public static GatewayConfig defaults() {
        return new ConfigLoader(Map.of()).load(Optional.empty(), Map.of()).config();
    }

    /**
     * Throws InvalidConfigException with everything that is wrong.
     *
     * @param file not there means that all values are defaults, unless overridden
     * @param flags keys with dots and their values
     */
    public Loaded load(Optional<Path> file, Map<String, String> flags) {
        List<ConfigProblem> problems = new ArrayList<>();
        ConfigNode root = file.map(path -> read(path, problems)).orElse(new ConfigNode.Nothing(""));
        return bind(root, flags, problems);
    }

    /** As {@link #load}, from text; {@code source} is its name in messages. */
    public Loaded parse(String source, String yaml, Map<String, String> flags) {
        List<ConfigProblem> problems = new ArrayList<>();
        return bind(new YamlReader(source, environment::get, problems).read(yaml), flags, problems);
    }

    private ConfigNode read(Path file, List<ConfigProblem> problems) {
        try {
            return new YamlReader(file.toString(), environment::get, problems).read(Files.readString(file));
        } catch (NoSuchFileException e) {
            problems.add(new ConfigProblem(file.toString(), "", "is not there"));
        } catch (MalformedInputException e) {
            problems.add(new ConfigProblem(file.toString(), "", "is not text in UTF-8"));
        } catch (AccessDeniedException e) {
            problems.add(new ConfigProblem(file.toString(), "", "may not be read by the gateway's user"));
        } catch (IOException e) {
            problems.add(new ConfigProblem(file.toString(), "", "cannot be read: " + e.getMessage()));
        }
        return new ConfigNode.Nothing("");
    }

    private Loaded bind(ConfigNode file, Map<String, String> flags, List<ConfigProblem> problems) {
        if (!problems.isEmpty() && file instanceof ConfigNode.Nothing) {
            throw new InvalidConfigException(problems);
        }
        List<String> warnings = new ArrayList<>();
        ConfigNode root = file;
        for (Map.Entry<String, String> entry : fromEnvironment(warnings).entrySet()) {
            root = override(root, entry.getKey(), entry.getValue(), variableOf(entry.getKey()), problems);
        }
        for (Map.Entry<String, String> entry : new TreeMap<>(flags).entrySet()) {
            root = override(root, entry.getKey(), entry.getValue(), "flag", problems);
        }
        Optional<GatewayConfig> config = new ConfigBinder(problems).bind(GatewayConfig.class, root);
        if (!problems.isEmpty()) {
            throw new InvalidConfigException(problems);
        }
        warnings.addAll(config.orElseThrow().warnings());
        return new Loaded(config.get(), warnings);
    }

    private static ConfigNode override(
            ConfigNode root, String key, String value, String where, List<ConfigProblem> problems) {
        try {
            return ConfigOverride.set(root, key, new ConfigNode.Scalar(value, where));
        } catch (IllegalArgumentException e) {
            problems.add(new ConfigProblem(where, key, e.getMessage()));
            return root;
        }
    }

    private Map<String, String> fromEnvironment(List<String> warnings) {
        Map<String, String> overrides = new LinkedHashMap<>();
        List<String> others = new ArrayList<>();
        Map<String, String> left = new TreeMap<>(environment);
        for (Key key : ConfigSchema.allKeysOf(GatewayConfig.class, "")) {
            if (key.isGroup() || isComplex(key)) {
                others.add(key.variable());
            } else if (environment.containsKey(key.variable())) {
                overrides.put(key.path(), environment.get(key.variable()));
                left.remove(key.variable());
            }
        }
        left.keySet().removeAll(OF_THE_SCRIPTS);
        left.keySet().stream()
                .filter(name -> others.stream().anyMatch(other -> (name + '_').startsWith(other + '_')))
                .forEach(name -> warnings.add("The environment variable " + name + " sets no known key"));
        return overrides;
    }

    private static boolean isComplex(Key key) {
        Class<?> raw = ConfigSchema.raw(key.type());
        return raw == Map.class
                || raw == List.class
                        && ConfigSchema.raw(ConfigSchema.content(key.type())).isRecord();
    }

    private static String variableOf(String key) {
        return ConfigSchema.allKeysOf(GatewayConfig.class, "").stream()
                .filter(known -> known.path().equals(key))
                .map(Key::variable)
                .findFirst()
                .orElse(key);
    }
}
