package io.torii.api.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class FindingTest {
    @Test
    void isOneLineWithWhatToDo() {
        assertThat(Finding.ok("java", "17.0.15").line()).isEqualTo("ok   java: 17.0.15");
        assertThat(Finding.warn("disk", "only 1 GiB is free", "free some").line())
                .isEqualTo("warn disk: only 1 GiB is free; free some");
        assertThat(Finding.fail("queue", "there is no queue 'etl'", "make it").line())
                .isEqualTo("FAIL queue: there is no queue 'etl'; make it");
        assertThat(Finding.skip("queue", "the resource manager does not answer").line())
                .isEqualTo("skip queue: not looked at, since the resource manager does not answer");
    }

    @Test
    void staysOneLineWhateverAServerSays() {
        Finding finding = Finding.fail("store", "refused:\n\tat Foo\r\n\u0007", "ask\nagain");

        assertThat(finding.line()).isEqualTo("FAIL store: refused: at Foo; ask again");
    }

    @Test
    void namesThePartThatItIsOf() {
        assertThat(Finding.ok("queue", "default").of("mini").line()).isEqualTo("ok   mini queue: default");
    }

    @Test
    void stopsWhatDependsOnItIfItFailedOrWasSkippedItself() {
        assertThat(Finding.ok("a", "b").stops()).isFalse();
        assertThat(Finding.warn("a", "b", "c").stops()).isFalse();
        assertThat(Finding.fail("a", "b", "c").stops()).isTrue();
        assertThat(Finding.skip("a", "b").stops()).isTrue();
    }

    @Test
    void saysWhatToDoIfAndOnlyIfSomethingIsWrong() {
        assertThatThrownBy(() -> Finding.fail("a", "b", " ")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Finding("a", Finding.Level.OK, "b", "c"))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
