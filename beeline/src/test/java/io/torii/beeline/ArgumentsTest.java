package io.torii.beeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArgumentsTest {
    private static final String URL = "jdbc:hive2://gate:10009/default";

    @ParameterizedTest
    @ValueSource(strings = {"\"" + URL + "\"", "'" + URL + "'", URL})
    void takesTheQuotesOffTheUrl(String url) {
        assertThat(of("-u", url).words()).containsExactly("-u", URL);
    }

    @Test
    void leavesAloneWhatBeelineUnderstands() {
        String[] typed = {"-u", URL, "-n", "alice", "-p", "-hiveconf", "day=monday", "--hivevar", "v=1", "-f", "x.sql"};

        assertThat(of(typed).words()).containsExactly(typed);
    }

    @Test
    void knowsOtherSpellings() {
        assertThat(of("--conf", "a=b", "--reconnect").words()).containsExactly("--hiveconf", "a=b", "-r");
    }

    @Test
    void putsSettingsFirstSoThatNoStatementIsMadeOfThem() {
        assertThat(of("-e", "SELECT 1", "--silent=true", "--verbose").words())
                .containsExactly("--silent=true", "--verbose", "-e", "SELECT 1");
    }

    @Test
    void doesNotTakeAValueForAnOption() {
        assertThat(of("-n", "--conf", "-w", "/dev/null", "--hiveconf", "x=--silent=true")
                        .words())
                .containsExactly("-n", "--conf", "-w", "/dev/null", "--hiveconf", "x=--silent=true");
    }

    @Test
    void runsAStatementBehindAComment() {
        assertThat(of("-e", "-- nightly\nSELECT 1").words()).containsExactly("-e", "\nSELECT 1");
    }

    @Test
    void keepsTheQuotationMarkThatEndsAStatement() {
        assertThat(of("-e", "SELECT \"a\"").words()).containsExactly("-e", " SELECT \"a\" ");
    }

    @Test
    void connectsToTheDefaultUrlIfNothingElseIsSaid() {
        assertThat(Arguments.of(List.of("-n", "alice"), Optional.of(URL)).words())
                .containsExactly("-u", URL, "-n", "alice");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-u", "-c", "-r", "--reconnect", "--property-file", "--help"})
    void doesNotConnectToTheDefaultUrlIfSomethingIsSaid(String option) {
        assertThat(Arguments.of(List.of(option, "x"), Optional.of(URL)).words()).doesNotContain(URL);
    }

    @Test
    void isABatchWithStatementsOrAScript() {
        assertThat(of("-e", "SELECT 1").batch()).isTrue();
        assertThat(of("-f", "x.sql").batch()).isTrue();
        assertThat(of("-i", "-e").batch()).isFalse();
    }

    @Test
    void refusesStatementsTogetherWithAScript() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> of("-e", "SELECT 1", "-f", "x.sql"))
                .withMessage("The '-e' and '-f' options cannot be specified simultaneously");
    }

    @Test
    void refusesAnOutputFormatThatBeelineWouldReplace() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> of("-e", "SELECT 1", "--outputFormat=json"))
                .withMessageStartingWith("Unknown output format 'json': one of table, vertical, csv2");
    }

    @Test
    void refusesAPasswordFileThatCannotBeRead() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> of("--password-file", "/no/such/file"))
                .withMessage("The password file /no/such/file cannot be read");
    }

    private static Arguments of(String... words) {
        return Arguments.of(List.of(words), Optional.empty());
    }
}
