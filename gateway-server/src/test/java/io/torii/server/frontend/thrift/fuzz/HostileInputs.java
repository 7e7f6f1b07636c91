package io.torii.server.frontend.thrift.fuzz;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.RandomDistribution;
import net.jqwik.api.Tuple;

/** Generators for properties. What fails is shrunk to the fewest changes that still fail. */
public final class HostileInputs {
    private HostileInputs() {}

    /** One message, most of them changed: the body of an HTTP request, or what a frame carries. */
    public static Arbitrary<byte[]> messages() {
        return Combinators.combine(
                        Arbitraries.frequency(weights()), edits().list().ofMaxSize(4))
                .as(HostileInputs::changed);
    }

    /** A conversation, with or without SASL. */
    public static Arbitrary<HostileStream> streams() {
        return Combinators.combine(
                        messages().list().ofMinSize(1).ofMaxSize(5),
                        Arbitraries.of(true, false),
                        Arbitraries.integers().between(0, 60),
                        Arbitraries.frequencyOf(
                                Tuple.of(2, Arbitraries.just(List.<Edit>of())),
                                Tuple.of(1, bytewise().list().ofMinSize(1).ofMaxSize(2))),
                        numbers().list().ofMaxSize(12))
                .as(HostileStream::new);
    }

    /** Any of these texts with a few bytes changed, added or missing. */
    public static Arbitrary<byte[]> changed(List<byte[]> seeds) {
        return Combinators.combine(
                        Arbitraries.integers().between(0, seeds.size() - 1),
                        bytewise().list().ofMaxSize(4))
                .as((seed, edits) -> changed(seeds.get(seed), edits));
    }

    private static Arbitrary<Edit> bytewise() {
        return Combinators.combine(
                        Arbitraries.of(
                                Edit.Kind.BIT,
                                Edit.Kind.BYTE,
                                Edit.Kind.TRUNCATE,
                                Edit.Kind.INSERT,
                                Edit.Kind.REMOVE,
                                Edit.Kind.LENGTH),
                        numbers(),
                        numbers())
                .as(Edit::new);
    }

    private static byte[] changed(int request, List<Edit> edits) {
        return changed(ValidRequests.all().get(request), edits);
    }

    private static byte[] changed(byte[] seed, List<Edit> edits) {
        byte[] bytes = seed;
        for (Edit edit : edits) {
            bytes = edit.apply(bytes);
        }
        return bytes;
    }

    /** The last one is large, and rare. */
    @SuppressWarnings("unchecked")
    private static Tuple.Tuple2<Integer, Integer>[] weights() {
        int last = ValidRequests.all().size() - 1;
        return ValidRequests.indexes().stream()
                .map(index -> Tuple.of(index == last ? 1 : 12, index))
                .toArray(Tuple.Tuple2[]::new);
    }

    /** Any change. */
    public static Arbitrary<Edit> edits() {
        return Combinators.combine(Arbitraries.of(Edit.Kind.class), numbers(), numbers())
                .as(Edit::new);
    }

    private static Arbitrary<Integer> numbers() {
        return Arbitraries.integers().between(0, Integer.MAX_VALUE).withDistribution(RandomDistribution.uniform());
    }
}
