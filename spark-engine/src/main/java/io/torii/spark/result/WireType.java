package io.torii.spark.result;

/** The kinds of columns that TCLIService knows: field of the TColumn and TColumnValue unions, element type, bytes. */
enum WireType {
    BOOLEAN(1, 2, 1),
    BYTE(2, 3, 1),
    SHORT(3, 6, 2),
    INT(4, 8, 4),
    LONG(5, 10, 8),
    DOUBLE(6, 4, 8),
    STRING(7, 11, 0),
    BINARY(8, 11, 0);

    final int field;
    final int element;

    /** Bytes of a value; 0 if each value begins with its length, an i32. */
    final int width;

    WireType(int field, int element, int width) {
        this.field = field;
        this.element = element;
        this.width = width;
    }
}
