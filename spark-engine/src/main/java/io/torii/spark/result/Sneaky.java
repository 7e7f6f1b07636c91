package io.torii.spark.result;

/** Throws what Spark threw as it is: Scala declares nothing, and what wraps a failure hides its message. */
public final class Sneaky {
    private Sneaky() {}

    /** Never returns: to be thrown, so that the compiler knows. */
    public static RuntimeException rethrow(Throwable failure) {
        Sneaky.<RuntimeException>raise(failure);
        return new IllegalStateException(failure);
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <E extends Throwable> void raise(Throwable failure) throws E {
        throw (E) failure;
    }
}
