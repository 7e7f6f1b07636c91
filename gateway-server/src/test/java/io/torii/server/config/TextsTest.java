package io.torii.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TextsTest {
    @ParameterizedTest
    @CsvSource({
        "500ms, PT0.5S",
        "5s, PT5S",
        "5 S, PT5S",
        "10m, PT10M",
        "6h, PT6H",
        "1d, PT24H",
        "PT1H30M, PT1H30M",
        "0, PT0S",
        "0s, PT0S"
    })
    void readsDurations(String text, Duration duration) {
        assertThat(Texts.parse(Duration.class, text)).isEqualTo(duration);
    }

    @ParameterizedTest
    @ValueSource(strings = {"5", "5 seconds", "-5s", "1.5h", "", "999999999999999d", "PT2562047788015215H"})
    void refusesWhatIsNoDuration(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Texts.parse(Duration.class, text))
                .withMessage("is '" + text + "', expected a duration such as 500ms, 5s, 10m, 6h");
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "512, 512",
        "512B, 512",
        "1k, 1024",
        "64MB, 67108864",
        "64 mb, 67108864",
        "1GiB, 1073741824",
        "2T, 2199023255552"
    })
    void readsSizesInPowersOf1024(String text, long bytes) {
        assertThat(Texts.parse(DataSize.class, text)).isEqualTo(new DataSize(bytes));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "MB", "-1MB", "1.5GB", "64 megabytes"})
    void refusesWhatIsNoSize(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Texts.parse(DataSize.class, text))
                .withMessage("is '" + text + "', expected a size such as 64MB");
    }

    @Test
    void refusesSizesThatNoMachineHas() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DataSize.parse("99999999TB"))
                .withMessage("is '99999999TB', which is too large");
    }

    @Test
    void writesDurationsAndSizesInTheirLargestUnit() {
        assertThat(Texts.of(Duration.ofMillis(800))).isEqualTo("800ms");
        assertThat(Texts.of(Duration.ofSeconds(90))).isEqualTo("90s");
        assertThat(Texts.of(Duration.ofHours(48))).isEqualTo("2d");
        assertThat(Texts.of(Duration.ZERO)).isEqualTo("0s");
        assertThat(Texts.of(DataSize.parse("65536KB"))).isEqualTo("64MB");
        assertThat(Texts.of(DataSize.parse("1500"))).isEqualTo("1500B");
    }

    @Test
    void readsNumbersAndTruths() {
        assertThat(Texts.parse(int.class, " 10_000 ")).isEqualTo(10_000);
        assertThat(Texts.parse(boolean.class, "Yes")).isEqualTo(true);
        assertThat(Texts.parse(boolean.class, "off")).isEqualTo(false);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Texts.parse(int.class, "3000000000"))
                .withMessage("is 3000000000, which is too large");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Texts.parse(int.class, "1.5"))
                .withMessage("is '1.5', expected a whole number");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Texts.parse(boolean.class, "maybe"))
                .withMessage("is 'maybe', expected true or false");
    }

    @Test
    void readsChoicesPathsAndAddresses() {
        assertThat(Texts.parse(AuthenticationConfig.Type.class, "LDAP")).isEqualTo(AuthenticationConfig.Type.LDAP);
        assertThat(Texts.parse(Path.class, "conf/users")).isEqualTo(Path.of("conf", "users"));
        assertThat(Texts.parse(URI.class, "ldap://host:389")).isEqualTo(URI.create("ldap://host:389"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Texts.parse(URI.class, "ldap://a host"))
                .withMessage("is 'ldap://a host', which is not a URL");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Texts.parse(Path.class, "a\0b"))
                .withMessageEndingWith("which is not a path");
    }

    @Test
    void keysAreTheNamesOfComponentsWithDashes() {
        assertThat(Texts.label("openToNetworkWithoutPasswords")).isEqualTo("open-to-network-without-passwords");
        assertThat(Texts.label("bindDn")).isEqualTo("bind-dn");
        assertThat(Texts.label("PRODUCTION")).isEqualTo("production");
    }
}
