package io.torii.server.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SettingKeyTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "a b",
                " a b\u00A0",
                "set:a b",
                "SET:HiveConf:a b",
                "set: \0hivevar:\u2028a b\n",
                "spark:system:env:metaconf:sparkconf:a b"
            })
    void isTheNameWithoutWhatStandsAroundIt(String key) {
        assertThat(SettingKey.bare(key)).isEqualTo("a b");
    }

    @Test
    void thereMayBeNothingElse() {
        assertThat(SettingKey.bare("")).isEmpty();
        assertThat(SettingKey.bare(" \t ")).isEmpty();
        assertThat(SettingKey.bare("set: ")).isEmpty();
    }

    /** Megabytes that a client sends cost no more than looking at them: looked at again and again it would be hours. */
    @Test
    @Timeout(20)
    void isFoundInOnePassOverTheKey() {
        assertThat(SettingKey.bare("a" + " ".repeat(1_000_000) + "b")).hasSize(1_000_002);
        assertThat(SettingKey.bare("set:".repeat(1_000_000) + "b")).isEqualTo("b");
    }

    @Test
    @Timeout(20)
    void patternsAreMatchedInOnePassAndOverLineBreaks() {
        KeyPatterns patterns = new KeyPatterns(List.of("spark.*resource.*"));

        assertThat(patterns.match("spark." + "resource.".repeat(500_000) + "\n"))
                .isTrue();
        assertThat(patterns.match("spark.\nresource.x")).isTrue();
        assertThat(patterns.match("spark.other")).isFalse();
    }
}
