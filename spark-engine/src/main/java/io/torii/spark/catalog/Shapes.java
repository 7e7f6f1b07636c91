package io.torii.spark.catalog;

import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Columns of the answers, with HiveServer2's names (its KEQ_SEQ too), types and order: clients go by name or by place. */
final class Shapes {
    private static final DataType TEXT = DataTypes.StringType;
    private static final DataType INT = DataTypes.IntegerType;
    private static final DataType SMALL = DataTypes.ShortType;
    private static final DataType BOOL = DataTypes.BooleanType;

    static final StructType CATALOGS = new StructType().add("TABLE_CAT", TEXT);

    static final StructType SCHEMAS = new StructType().add("TABLE_SCHEM", TEXT).add("TABLE_CATALOG", TEXT);

    static final StructType TABLES = new StructType()
            .add("TABLE_CAT", TEXT)
            .add("TABLE_SCHEM", TEXT)
            .add("TABLE_NAME", TEXT)
            .add("TABLE_TYPE", TEXT)
            .add("REMARKS", TEXT)
            .add("TYPE_CAT", TEXT)
            .add("TYPE_SCHEM", TEXT)
            .add("TYPE_NAME", TEXT)
            .add("SELF_REFERENCING_COL_NAME", TEXT)
            .add("REF_GENERATION", TEXT);

    static final StructType TABLE_TYPES = new StructType().add("TABLE_TYPE", TEXT);

    static final StructType COLUMNS = new StructType()
            .add("TABLE_CAT", TEXT)
            .add("TABLE_SCHEM", TEXT)
            .add("TABLE_NAME", TEXT)
            .add("COLUMN_NAME", TEXT)
            .add("DATA_TYPE", INT)
            .add("TYPE_NAME", TEXT)
            .add("COLUMN_SIZE", INT)
            .add("BUFFER_LENGTH", DataTypes.ByteType)
            .add("DECIMAL_DIGITS", INT)
            .add("NUM_PREC_RADIX", INT)
            .add("NULLABLE", INT)
            .add("REMARKS", TEXT)
            .add("COLUMN_DEF", TEXT)
            .add("SQL_DATA_TYPE", INT)
            .add("SQL_DATETIME_SUB", INT)
            .add("CHAR_OCTET_LENGTH", INT)
            .add("ORDINAL_POSITION", INT)
            .add("IS_NULLABLE", TEXT)
            .add("SCOPE_CATALOG", TEXT)
            .add("SCOPE_SCHEMA", TEXT)
            .add("SCOPE_TABLE", TEXT)
            .add("SOURCE_DATA_TYPE", SMALL)
            .add("IS_AUTO_INCREMENT", TEXT);

    static final StructType FUNCTIONS = new StructType()
            .add("FUNCTION_CAT", TEXT)
            .add("FUNCTION_SCHEM", TEXT)
            .add("FUNCTION_NAME", TEXT)
            .add("REMARKS", TEXT)
            .add("FUNCTION_TYPE", INT)
            .add("SPECIFIC_NAME", TEXT);

    static final StructType PRIMARY_KEYS = new StructType()
            .add("TABLE_CAT", TEXT)
            .add("TABLE_SCHEM", TEXT)
            .add("TABLE_NAME", TEXT)
            .add("COLUMN_NAME", TEXT)
            .add("KEQ_SEQ", INT)
            .add("PK_NAME", TEXT);

    static final StructType CROSS_REFERENCE = new StructType()
            .add("PKTABLE_CAT", TEXT)
            .add("PKTABLE_SCHEM", TEXT)
            .add("PKTABLE_NAME", TEXT)
            .add("PKCOLUMN_NAME", TEXT)
            .add("FKTABLE_CAT", TEXT)
            .add("FKTABLE_SCHEM", TEXT)
            .add("FKTABLE_NAME", TEXT)
            .add("FKCOLUMN_NAME", TEXT)
            .add("KEQ_SEQ", INT)
            .add("UPDATE_RULE", INT)
            .add("DELETE_RULE", INT)
            .add("FK_NAME", TEXT)
            .add("PK_NAME", TEXT)
            .add("DEFERRABILITY", INT);

    static final StructType TYPE_INFO = new StructType()
            .add("TYPE_NAME", TEXT)
            .add("DATA_TYPE", INT)
            .add("PRECISION", INT)
            .add("LITERAL_PREFIX", TEXT)
            .add("LITERAL_SUFFIX", TEXT)
            .add("CREATE_PARAMS", TEXT)
            .add("NULLABLE", SMALL)
            .add("CASE_SENSITIVE", BOOL)
            .add("SEARCHABLE", SMALL)
            .add("UNSIGNED_ATTRIBUTE", BOOL)
            .add("FIXED_PREC_SCALE", BOOL)
            .add("AUTO_INCREMENT", BOOL)
            .add("LOCAL_TYPE_NAME", TEXT)
            .add("MINIMUM_SCALE", SMALL)
            .add("MAXIMUM_SCALE", SMALL)
            .add("SQL_DATA_TYPE", INT)
            .add("SQL_DATETIME_SUB", INT)
            .add("NUM_PREC_RADIX", INT);

    private Shapes() {}
}
