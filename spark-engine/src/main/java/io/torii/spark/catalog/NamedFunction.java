package io.torii.spark.catalog;

/** A function as metadata operations show it. Immutable. */
final class NamedFunction {
    /** Null for what belongs to no schema. */
    final String schema;

    final String name;
    final String usage;
    final String className;
    final boolean returnsTable;

    NamedFunction(String schema, String name, String usage, String className, boolean returnsTable) {
        this.schema = schema;
        this.name = name;
        this.usage = usage;
        this.className = className;
        this.returnsTable = returnsTable;
    }
}
