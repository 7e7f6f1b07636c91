package io.torii.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where the configuration comes from, and what overrides what. */
class ConfigLoaderTest {
    private static final String PORT_IN_FILE = """
            thrift:
              port: 1001
            """;

    @TempDir
    Path directory;

    @Test
    void everythingHasADefault() {
        GatewayConfig config = Configs.of("");

        assertThat(config.thrift().port()).isEqualTo(10009);
        assertThat(config.session().idleTimeout()).isEqualTo(Duration.ofHours(6));
        assertThat(config.thrift().maxMessageSize()).isEqualTo(DataSize.parse("16MB"));
        assertThat(config.store().url()).isEmpty();
        assertThat(config.clusters()).extracting(ClusterConfig::name).containsExactly("local");
        assertThat(config).isEqualTo(ConfigLoader.defaults());
    }

    @Test
    void aFileOverridesDefaultsKeyByKey() throws IOException {
        Path file = write(PORT_IN_FILE);

        ThriftConfig thrift = load(file, Map.of(), Map.of()).config().thrift();

        assertThat(thrift.port()).isEqualTo(1001);
        assertThat(thrift.host()).isEqualTo("127.0.0.1");
    }

    @Test
    void anEnvironmentVariableOverridesTheFile() {
        GatewayConfig config = Configs.of(PORT_IN_FILE, Map.of("TORII_THRIFT_PORT", "1002"), Map.of());

        assertThat(config.thrift().port()).isEqualTo(1002);
    }

    @Test
    void aFlagOverridesTheEnvironmentVariable() {
        GatewayConfig config =
                Configs.of(PORT_IN_FILE, Map.of("TORII_THRIFT_PORT", "1002"), Map.of("thrift.port", "1003"));

        assertThat(config.thrift().port()).isEqualTo(1003);
    }

    @Test
    void everyKeyHasAVariableOfItsOwn() {
        assertThat(ConfigSchema.allKeysOf(GatewayConfig.class, ""))
                .extracting(ConfigSchema.Key::variable)
                .contains("TORII_AUTHENTICATION_LDAP_ALLOWED_GROUPS")
                .doesNotHaveDuplicates();
    }

    @Test
    void aListInAVariableIsSeparatedByCommas() {
        GatewayConfig config =
                Configs.of("", Map.of("TORII_SETTINGS_USER_MAY_SET", "spark.jars, spark.yarn.*,"), Map.of());

        assertThat(config.settings().userMaySet()).containsExactly("spark.jars", "spark.yarn.*");
    }

    @Test
    void anEmptyVariableUnsetsAnOptionalKey() {
        GatewayConfig config = Configs.of(
                """
                store:
                  user: torii
                """,
                Map.of("TORII_STORE_USER", ""),
                Map.of());

        assertThat(config.store().user()).isEmpty();
    }

    @Test
    void warnsOfAVariableThatSetsNothing() throws IOException {
        Map<String, String> environment = Map.of(
                "TORII_THRIFT_PROT", "1",
                "TORII_SESSION_DEFAULTS", "a=b",
                "TORII_CLUSTERS_LOCAL_METASTORE", "none",
                "TORII_THRIFT_PORT", "0",
                "TORII_HOME", "/opt/torii",
                "TORII_CONF_DIR", "/etc/torii",
                "PATH", "/bin");

        assertThat(load(write(""), environment, Map.of()).warnings())
                .containsExactly(
                        "The environment variable TORII_CLUSTERS_LOCAL_METASTORE sets no known key",
                        "The environment variable TORII_SESSION_DEFAULTS sets no known key",
                        "The environment variable TORII_THRIFT_PROT sets no known key");
    }

    @Test
    void aFileThatIsNotThereIsAProblem() {
        assertRefused(directory.resolve("none.yaml"), "none.yaml: is not there");
    }

    @Test
    void aDirectoryIsNoFile() {
        assertRefused(directory, ": cannot be read: Is a directory");
    }

    @Test
    void aFileMustBeUtf8() throws IOException {
        Path file = directory.resolve("torii.yaml");
        Files.write(file, "gateway:\n  name: Zürich\n".getBytes(StandardCharsets.ISO_8859_1));

        assertRefused(file, "torii.yaml: is not text in UTF-8");
    }

    @Test
    void problemsNameTheFileAndTheLine() throws IOException {
        Path file = write("thrift:\n  host: localhost\n  port: 70000\n");

        assertRefused(file, file + ":3: thrift.port is 70000, expected a port: 0 (any free one) to 65535");
    }

    private Path write(String yaml) throws IOException {
        return Files.writeString(directory.resolve("torii.yaml"), yaml);
    }

    private static ConfigLoader.Loaded load(Path file, Map<String, String> environment, Map<String, String> flags) {
        return new ConfigLoader(environment).load(Optional.of(file), flags);
    }

    private static void assertRefused(Path file, String message) {
        assertThatExceptionOfType(InvalidConfigException.class)
                .isThrownBy(() -> load(file, Map.of(), Map.of()))
                .withMessageEndingWith(message)
                .satisfies(problem -> assertThat(problem.problems()).hasSize(1));
    }
}
