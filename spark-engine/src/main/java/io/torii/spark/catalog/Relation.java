package io.torii.spark.catalog;

import static java.util.Objects.requireNonNull;

import org.apache.spark.sql.catalyst.util.CharVarcharUtils;
import org.apache.spark.sql.types.StructType;

/** A table or view as metadata operations show it. Immutable. */
final class Relation {
    static final String TABLE = "TABLE";
    static final String VIEW = "VIEW";

    /** Empty for what belongs to no schema. */
    final String schema;

    final String name;
    final String type;
    final String comment;

    /** With CHAR and VARCHAR as they were declared; empty where only names were asked for. */
    final StructType columns;

    /**
     * @param comment null for none
     * @param columns as Spark keeps them, with strings for CHAR and VARCHAR and the declared type beside
     */
    Relation(String schema, String name, String type, String comment, StructType columns) {
        this.schema = requireNonNull(schema, "schema");
        this.name = requireNonNull(name, "name");
        this.type = requireNonNull(type, "type");
        this.comment = comment == null ? "" : comment;
        this.columns = CharVarcharUtils.getRawSchema(columns);
    }

    static Relation named(String schema, String name, String type, String comment) {
        return new Relation(schema, name, type, comment, new StructType());
    }
}
