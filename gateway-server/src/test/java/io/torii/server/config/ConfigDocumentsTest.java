package io.torii.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The reference and the template say what the records say; {@code -Dtorii.docs.write=true} writes them afresh. */
class ConfigDocumentsTest {
    private static final String HINT = "%s; write it afresh with -Dtorii.docs.write=true";
    private static final Path REFERENCE = Path.of("..", "docs", "configuration.md");
    private static final Path TEMPLATE = Path.of("..", "conf", "torii.yaml.template");

    @Test
    void theReferenceIsThatOfTheRecords() throws IOException {
        assertThat(written(REFERENCE, ConfigReference.document()))
                .as(HINT, REFERENCE)
                .isEqualTo(ConfigReference.document());
    }

    @Test
    void theTemplateIsThatOfTheRecords() throws IOException {
        assertThat(written(TEMPLATE, ConfigTemplate.document()))
                .as(HINT, TEMPLATE)
                .isEqualTo(ConfigTemplate.document());
    }

    @Test
    void aCopyOfTheTemplateChangesNothing(@TempDir Path directory) throws IOException {
        Path copy = Files.writeString(directory.resolve("torii.yaml"), ConfigTemplate.document());

        GatewayConfig config =
                new ConfigLoader(Map.of()).load(Optional.of(copy), Map.of()).config();

        assertThat(config).isEqualTo(ConfigLoader.defaults());
    }

    @Test
    void theValuesInTheTemplateAreTheDefaults() {
        String everything = ConfigTemplate.uncommented(ConfigTemplate.document());

        GatewayConfig config = new ConfigLoader(Map.of())
                .parse("torii.yaml", everything, Map.of())
                .config();

        assertThat(config).isEqualTo(ConfigLoader.defaults());
    }

    @Test
    void theTemplateHasEveryKey() {
        List<ConfigProblem> problems = new ArrayList<>();
        ConfigNode everything = new YamlReader("torii.yaml", name -> null, problems)
                .read(ConfigTemplate.uncommented(ConfigTemplate.document()));

        assertThat(problems).isEmpty();
        assertThat(ConfigSchema.allKeysOf(GatewayConfig.class, ""))
                .allSatisfy(key -> assertThat(isWritten(key.path(), everything))
                        .as(key.path())
                        .isTrue());
        assertThat(ConfigTemplate.document()).contains("\n#   - name: local\n", "\n#     metastore:\n");
    }

    @Test
    void theReferenceHasEveryKeyWithItsVariable() {
        assertThat(ConfigSchema.allKeysOf(GatewayConfig.class, ""))
                .filteredOn(key -> !key.isGroup() && !key.isListOfGroups())
                .allSatisfy(key -> assertThat(ConfigReference.document()).contains("\n| `" + key.path() + "` | "));
        assertThat(ConfigReference.document())
                .contains("`TORII_AUTHENTICATION_LDAP_BIND_PASSWORD`", "\n| `spark-home` | path | not set | ");
    }

    @Test
    void theExampleInTheReferenceWorks() {
        GatewayConfig config = new ConfigLoader(Map.of("DB_PASSWORD", "s3cret"))
                .parse("torii.yaml", ConfigReference.EXAMPLE, Map.of())
                .config();

        assertThat(config.store().password().orElseThrow().value()).isEqualTo("s3cret");
        assertThat(ConfigReference.document()).contains("```yaml\n" + ConfigReference.EXAMPLE + "```\n");
    }

    private static String written(Path document, String expected) throws IOException {
        if (Boolean.getBoolean("torii.docs.write")) {
            Files.createDirectories(document.getParent());
            Files.writeString(document, expected);
        }
        return Files.readString(document);
    }

    private static boolean isWritten(String path, ConfigNode root) {
        ConfigNode here = root;
        for (String name : path.split("\\.")) {
            if (!(here instanceof ConfigNode.Group group) || !group.entries().containsKey(name)) {
                return false;
            }
            here = group.entries().get(name);
        }
        return true;
    }
}
