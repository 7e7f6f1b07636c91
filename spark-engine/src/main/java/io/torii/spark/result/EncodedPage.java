package io.torii.spark.result;

/** A page with its rows: the bytes of {@link PageFrame#encode}. */
final class EncodedPage {
    final int rows;
    final byte[] bytes;

    EncodedPage(int rows, byte[] bytes) {
        this.rows = rows;
        this.bytes = bytes;
    }
}
