package io.torii.server.store;

import java.util.stream.Stream;

/** Texts that stores have been known to spoil. */
final class Texts {
    private Texts() {}

    static Stream<String> awkward() {
        return Stream.of(
                "",
                " ",
                "SELECT 'it''s', \"x\", `y`, \\, :name, ?, <list>, $1, -- comment\n\t/* { */ 'a;b'",
                "'; DROP TABLE session; --",
                "ä 漢字 \u05d0\u05d1 😀 e\u0301 \u2028 \ufeff",
                "x".repeat(1 << 20),
                "é😀\n".repeat((1 << 18) + 1));
    }
}
