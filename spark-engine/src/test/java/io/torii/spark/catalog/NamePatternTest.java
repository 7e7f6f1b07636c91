package io.torii.spark.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullAndEmptySource;
import org.junit.jupiter.params.provider.ValueSource;

class NamePatternTest {
    @ParameterizedTest
    @NullAndEmptySource
    @ValueSource(strings = {"%", "*", ".*", "%%"})
    void matchesAllNames(String pattern) {
        assertThat(NamePattern.of(pattern).matchesAll()).isTrue();
        assertThat(NamePattern.of(pattern).matches("anything at all\n")).isTrue();
        assertThat(NamePattern.of(pattern).matches("")).isTrue();
        assertThat(NamePattern.of(pattern).literal()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "orders, orders",
        "ORDERS, orders",
        "or%, orders",
        "%der%, orders",
        "or*, orders",
        "or.*, orders",
        "o_ders, orders",
        "______, orders",
        "my\\_table, my_table",
        "100\\%, 100%",
        "a\\\\b, a\\b",
        "end\\, end\\",
        "sales.eu, sales.eu",
        "sales.*, sales.eu",
        "a[b](c)+?^$|{d}, a[b](c)+?^$|{d}",
        "ÄRGER, ärger",
    })
    void matches(String pattern, String name) {
        assertThat(NamePattern.of(pattern).matches(name)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "orders, order",
        "order, orders",
        "o_ders, oders",
        "my\\_table, myxtable",
        "100\\%, 1000",
        "sales.eu, salesXeu",
        "or_%, or",
    })
    void doesNotMatch(String pattern, String name) {
        assertThat(NamePattern.of(pattern).matches(name)).isFalse();
    }

    @Test
    void knowsWhetherItCanMatchOneNameOnly() {
        assertThat(NamePattern.of("My\\_Table").literal()).contains("My_Table");
        assertThat(NamePattern.of("My_Table").literal()).isEmpty();
        assertThat(NamePattern.of("My%").literal()).isEmpty();
    }
}
