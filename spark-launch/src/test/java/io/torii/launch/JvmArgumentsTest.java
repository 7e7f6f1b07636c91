package io.torii.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JvmArgumentsTest {
    @ParameterizedTest
    @CsvSource({"2g, -Xmx2g", "512m, -Xmx512m", "1024, -Xmx1024m", "1GB, -Xmx1g", "1048576b, -Xmx1048576"})
    void readsSizesAsSparkWritesThem(String size, String option) {
        assertThat(JvmArguments.heap(size)).isEqualTo(option);
    }

    @Test
    void saysWhatASizeLooksLike() {
        assertThatThrownBy(() -> JvmArguments.heap("much"))
                .hasMessage("spark.driver.memory is 'much', expected a size such as 512m or 2g");
    }

    @Test
    void splitsOptionsAsAShellWould() {
        assertThat(JvmArguments.words("-Da=1  -Db=\"x y\" '-Dc=$z \"q\"' -Dd=e\\ f"))
                .containsExactly("-Da=1", "-Db=x y", "-Dc=$z \"q\"", "-Dd=e f");
        assertThat(JvmArguments.words("  ")).isEmpty();
    }

    @Test
    void quotesWhatJavaReadsFromAFile() {
        assertThat(JvmArguments.file(List.of("-Da=x y", "-Db=\"\\"))).isEqualTo("\"-Da=x y\"\n\"-Db=\\\"\\\\\"\n");
    }

    @Test
    void refusesALineBreakThatWouldBeAnotherArgument() {
        assertThatThrownBy(() -> JvmArguments.file(List.of("-Da=1\n-javaagent:x")))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
