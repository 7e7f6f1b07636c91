package io.torii.server.store.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GroupedWritesTest {
    private final List<String> events = new ArrayList<>();

    @Test
    void tellsNobodyBeforeItIsWritten() {
        GroupedWrites writes = new GroupedWrites(() -> events.add("written"));

        writes.add(failure -> events.add("told " + failure));

        assertThat(events).containsExactly("written", "told Optional.empty");
    }

    @Test
    void writesOnceForAllThatCameDuringAWrite() {
        GroupedWrites[] writes = new GroupedWrites[1];
        writes[0] = new GroupedWrites(() -> {
            events.add("written");
            if (events.size() == 1) {
                writes[0].add(failure -> events.add("two"));
                writes[0].add(failure -> events.add("three"));
            }
        });

        writes[0].add(failure -> events.add("one"));

        assertThat(events).containsExactly("written", "one", "written", "two", "three");
    }

    @Test
    void tellsAllWhyItCannotBeWrittenAndTriesAgainForTheNext() {
        IllegalStateException full = new IllegalStateException("disk full");
        boolean[] works = new boolean[1];
        List<Optional<RuntimeException>> told = new ArrayList<>();
        GroupedWrites writes = new GroupedWrites(() -> {
            if (!works[0]) {
                throw full;
            }
        });

        writes.add(told::add);
        works[0] = true;
        writes.add(told::add);

        assertThat(told).containsExactly(Optional.of(full), Optional.empty());
    }
}
