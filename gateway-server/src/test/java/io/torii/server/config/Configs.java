package io.torii.server.config;

import java.util.List;
import java.util.Map;

/** Loads what a test writes into {@code torii.yaml}. */
final class Configs {
    private Configs() {}

    static GatewayConfig of(String yaml) {
        return of(yaml, Map.of(), Map.of());
    }

    static GatewayConfig of(String yaml, Map<String, String> environment, Map<String, String> flags) {
        return new ConfigLoader(environment).parse("torii.yaml", yaml, flags).config();
    }

    /** What is odd about it but no error. */
    static List<String> warnings(String yaml) {
        return new ConfigLoader(Map.of()).parse("torii.yaml", yaml, Map.of()).warnings();
    }

    /** Everything that is wrong with it, in the order of reporting. */
    static List<String> problems(String yaml) {
        return problems(yaml, Map.of(), Map.of());
    }

    static List<String> problems(String yaml, Map<String, String> environment, Map<String, String> flags) {
        try {
            of(yaml, environment, flags);
            return List.of();
        } catch (InvalidConfigException e) {
            return e.problems().stream().map(ConfigProblem::toString).toList();
        }
    }
}
