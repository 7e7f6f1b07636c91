package io.torii.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.torii.server.config.ConfigNode.Group;
import io.torii.server.config.ConfigNode.Items;
import io.torii.server.config.ConfigNode.Nothing;
import io.torii.server.config.ConfigNode.Scalar;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class YamlReaderTest {
    private static final Map<String, String> ENVIRONMENT = Map.of("HOST", "db.example.com", "EMPTY", "", "ODD", "$1\\");

    private final List<ConfigProblem> problems = new ArrayList<>();

    @Test
    void everyPartKnowsTheLineOfItsKey() {
        Group root = group(
                read(
                        """
                one: 1

                two:
                  three: [a,
                    b]
                  four:
                """));

        assertThat(root.entries().get("one")).isEqualTo(new Scalar("1", "test:1"));
        Group two = group(root.entries().get("two"));
        assertThat(two.where()).isEqualTo("test:3");
        assertThat(two.entries().get("three"))
                .isEqualTo(new Items(List.of(new Scalar("a", "test:4"), new Scalar("b", "test:5")), "test:4"));
        assertThat(two.entries().get("four")).isEqualTo(new Nothing("test:6"));
        assertThat(problems).isEmpty();
    }

    @Test
    void valuesAreTextsAsTheyAreWritten() {
        assertThat(scalar("010")).isEqualTo("010");
        assertThat(scalar("1.0")).isEqualTo("1.0");
        assertThat(scalar("yes")).isEqualTo("yes");
        assertThat(scalar("2026-01-01")).isEqualTo("2026-01-01");
        assertThat(scalar("'#4'")).isEqualTo("#4");
    }

    @Test
    void variablesAreReplacedWhereverTheyAreInAValue() {
        assertThat(scalar("jdbc:postgresql://${ENV:HOST}:${ENV:PORT:5432}/torii"))
                .isEqualTo("jdbc:postgresql://db.example.com:5432/torii");
        assertThat(scalar("${ENV:HOST:localhost}")).isEqualTo("db.example.com");
        assertThat(scalar("${ENV:NONE:}")).isEmpty();
        assertThat(scalar("${ENV:NONE:ldap://host}")).isEqualTo("ldap://host");
        assertThat(scalar("${ENV:EMPTY}")).isEmpty();
        assertThat(scalar("${ENV:ODD}")).isEqualTo("$1\\");
        assertThat(scalar("${day} $HOST")).isEqualTo("${day} $HOST");
        assertThat(problems).isEmpty();
    }

    @Test
    void aVariableThatIsNotSetIsAProblemOfItsKey() {
        read(
                """
                store:
                  password: ${ENV:DB_PASSWORD}
                list:
                  - a
                  - b: ${ENV:MY-NAME}
                """);

        assertThat(problems)
                .containsExactly(
                        new ConfigProblem(
                                "test:2",
                                "store.password",
                                "needs the environment variable DB_PASSWORD, which is not set"),
                        new ConfigProblem(
                                "test:5", "list[1].b", "needs the environment variable MY-NAME, which is not set"));
    }

    @Test
    void aMissingVariableIsTheOnlyProblemOfItsKey() {
        assertThat(Configs.problems("thrift: {host: '${ENV:HOST}', port: '${ENV:PORT}'}"))
                .containsExactly(
                        "torii.yaml:1: thrift.host needs the environment variable HOST, which is not set",
                        "torii.yaml:1: thrift.port needs the environment variable PORT, which is not set");
    }

    @Test
    void aKeyMayBeThereOnce() {
        read(
                """
                thrift:
                  port: 1
                  host: a
                  port: 2
                thrift:
                  port: 3
                """);

        assertThat(problems)
                .containsExactly(
                        new ConfigProblem("test:4", "thrift.port", "is there twice"),
                        new ConfigProblem("test:5", "thrift", "is there twice"));
    }

    @Test
    void whatIsNotYamlIsAProblemOfItsLine() {
        assertThat(read("thrift:\n\tport: 1\n")).isEqualTo(new Nothing("test"));

        assertThat(problems).singleElement().satisfies(problem -> assertThat(problem.toString())
                .startsWith("test:2: is not YAML: found character '\\t(TAB)'"));
    }

    @Test
    void thereIsOneDocument() {
        read("a: 1\n---\nb: 2\n");

        assertThat(problems)
                .extracting(ConfigProblem::toString)
                .containsExactly("test:2: is not YAML: but found another document");
    }

    @Test
    void anEmptyFileIsNothing() {
        assertThat(read("# nothing but a comment\n")).isEqualTo(new Nothing("test"));
        assertThat(problems).isEmpty();
    }

    @Test
    void makesNoObjectsOfTags() {
        read("a: !!java.net.URL http://example.com");

        assertThat(problems).singleElement().satisfies(problem -> assertThat(problem.toString())
                .startsWith("test:1: is not YAML: Global tag is not allowed"));
    }

    @Test
    void aKnotIsRefused() {
        read("a: &a [*a]");

        assertThat(problems).singleElement().satisfies(problem -> assertThat(problem.message())
                .isEqualTo("is nested too deeply"));
    }

    private ConfigNode read(String yaml) {
        return new YamlReader("test", ENVIRONMENT::get, problems).read(yaml);
    }

    private String scalar(String value) {
        return ((Scalar) group(read("key: " + value)).entries().get("key")).text();
    }

    private static Group group(ConfigNode node) {
        return (Group) node;
    }
}
