package io.torii.spark.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Collections;
import java.util.concurrent.CancellationException;
import org.apache.spark.sql.catalyst.analysis.NoSuchNamespaceException;
import org.junit.jupiter.api.Test;

class SourceTest {
    @Test
    void answersWithNothingForWhatIsBroken() {
        assertThat(Source.orNothing("all is well", () -> Collections.singletonList("here")))
                .containsExactly("here");
        assertThat(Source.<String>orNothing("broken", () -> {
                    throw new IOException("unreachable");
                }))
                .isEmpty();
        assertThat(Source.<String>orNothing("without its jar", () -> {
                    throw new NoClassDefFoundError("org/example/Missing");
                }))
                .isEmpty();
        assertThat(Source.<String>orNothing("gone", () -> {
                    throw new NoSuchNamespaceException(new String[] {"gone"});
                }))
                .isEmpty();
    }

    @Test
    void doesNotTakeAnInterruptForSomethingBroken() {
        assertThatThrownBy(() -> Source.<String>orNothing(
                        "outer",
                        () -> Source.orNothing("inner", () -> {
                            throw new IllegalStateException("wrapped", new InterruptedException());
                        })))
                .isInstanceOf(CancellationException.class)
                .hasMessage("The listing of catalogs was interrupted");
        assertThat(Thread.interrupted()).isTrue();
    }
}
