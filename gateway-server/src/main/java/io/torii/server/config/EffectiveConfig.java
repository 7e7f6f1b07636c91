package io.torii.server.config;

import io.torii.api.Secret;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.Yaml;

/** The configuration in force, as YAML that may be shown to anybody: secrets are {@code ***}. Thread-safe. */
public final class EffectiveConfig {
    private static final String HIDDEN = new Secret("").toString();
    private static final String SECRET_WORD = "password|passwd|passphrase|pwd|secret|token|credential"
            + "|(?:access|account|api|private|encryption)[._-]?key|[.]sas[.]";
    private static final Pattern SECRET_KEY = Pattern.compile("(?i).*(" + SECRET_WORD + ").*");
    private static final Pattern SECRET_PARAMETER = Pattern.compile("(?i)((?:" + SECRET_WORD + ")[\\w.-]*=)[^&;\\s]*");
    private static final Pattern SECRET_USER_INFO = Pattern.compile("(://[^/@:\\s]*:)[^/\\s]*@");

    private EffectiveConfig() {}

    public static String print(GatewayConfig config) {
        DumperOptions options = new DumperOptions();
        options.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
        options.setWidth(200);
        return new Yaml(options).dump(plain(config));
    }

    private static Object plain(Object value) {
        if (value instanceof Optional<?> optional) {
            return optional.map(EffectiveConfig::plain).orElse(null);
        }
        if (value instanceof Secret || value instanceof Integer || value instanceof Long || value instanceof Boolean) {
            return value instanceof Secret ? HIDDEN : value;
        }
        if (value instanceof List<?> list) {
            return list.stream().map(EffectiveConfig::plain).collect(Collectors.toCollection(ArrayList::new));
        }
        if (value instanceof Map<?, ?> map) {
            return settings(map);
        }
        return value instanceof Record group && !(value instanceof DataSize) ? group(group) : masked(Texts.of(value));
    }

    private static Map<String, Object> group(Record group) {
        Map<String, Object> entries = new LinkedHashMap<>();
        for (RecordComponent component : group.getClass().getRecordComponents()) {
            try {
                entries.put(
                        Texts.label(component.getName()),
                        plain(component.getAccessor().invoke(group)));
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(component + " cannot be read", e);
            }
        }
        return entries;
    }

    private static Map<String, Object> settings(Map<?, ?> map) {
        Map<String, Object> entries = new TreeMap<>();
        map.forEach((key, value) -> entries.put(
                key.toString(), SECRET_KEY.matcher(key.toString()).matches() ? HIDDEN : masked(value.toString())));
        return entries;
    }

    private static String masked(String text) {
        String masked = SECRET_PARAMETER.matcher(text).replaceAll("$1" + HIDDEN);
        return SECRET_USER_INFO.matcher(masked).replaceAll("$1" + HIDDEN + "@");
    }
}
