package io.torii.spark.result;

/** Where a page starts: after the one before, at the first row, or before the one before. */
public enum Orientation {
    NEXT,
    FIRST,
    PRIOR
}
