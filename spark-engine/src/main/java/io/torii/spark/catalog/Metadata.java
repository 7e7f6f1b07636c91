package io.torii.spark.catalog;

import static java.util.Objects.requireNonNull;

import io.torii.spark.result.ResultSet;
import io.torii.spark.result.ResultSets;
import java.sql.DatabaseMetaData;
import java.sql.Types;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.hive.service.rpc.thrift.TGetColumnsReq;
import org.apache.hive.service.rpc.thrift.TGetFunctionsReq;
import org.apache.hive.service.rpc.thrift.TGetSchemasReq;
import org.apache.hive.service.rpc.thrift.TGetTablesReq;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.thrift.TBase;

/**
 * Answers the metadata operations of HiveServer2's protocol from the catalogs of a session. What Spark does not have, like
 * keys, is an empty result, never an error. Thread-safe.
 */
public final class Metadata {
    private static final Set<String> WORDS_FOR_TABLE = new HashSet<>(
            Arrays.asList(Relation.TABLE, "BASE TABLE", "MANAGED_TABLE", "EXTERNAL_TABLE", "MANAGED", "EXTERNAL"));
    private static final Set<String> WORDS_FOR_VIEW = new HashSet<>(
            Arrays.asList(Relation.VIEW, "VIRTUAL_VIEW", "LOCAL TEMPORARY", "GLOBAL TEMPORARY", "TEMPORARY VIEW"));

    private static final List<Row> TABLE_TYPES = Collections.unmodifiableList(
            Arrays.asList(RowFactory.create(Relation.TABLE), RowFactory.create(Relation.VIEW)));

    private final ResultSets results;

    public Metadata(ResultSets results) {
        this.results = requireNonNull(results, "results");
    }

    /**
     * Answers one operation.
     *
     * @param method GetTypeInfo, GetCatalogs, GetSchemas, GetTables, GetTableTypes, GetColumns, GetFunctions,
     *     GetPrimaryKeys or GetCrossReference
     * @param request its TCLIService request
     * @param protocolVersion value of the negotiated TProtocolVersion, 0 for V1
     * @throws IllegalArgumentException for another method
     */
    public ResultSet answer(SparkSession session, String method, TBase<?, ?> request, int protocolVersion) {
        Catalogs catalogs = new Catalogs(session);
        switch (method) {
            case "GetTypeInfo":
                return results.of(Shapes.TYPE_INFO, TypeInfo.ROWS, protocolVersion);
            case "GetCatalogs":
                return results.of(Shapes.CATALOGS, catalogs(catalogs), protocolVersion);
            case "GetSchemas":
                return results.of(Shapes.SCHEMAS, schemas(catalogs, (TGetSchemasReq) request), protocolVersion);
            case "GetTables":
                return results.of(Shapes.TABLES, tables(catalogs, (TGetTablesReq) request), protocolVersion);
            case "GetTableTypes":
                return results.of(Shapes.TABLE_TYPES, TABLE_TYPES, protocolVersion);
            case "GetColumns":
                return results.of(Shapes.COLUMNS, columns(catalogs, (TGetColumnsReq) request), protocolVersion);
            case "GetFunctions":
                return results.of(Shapes.FUNCTIONS, functions(catalogs, (TGetFunctionsReq) request), protocolVersion);
            case "GetPrimaryKeys":
                return results.of(Shapes.PRIMARY_KEYS, Collections.emptyList(), protocolVersion);
            case "GetCrossReference":
                return results.of(Shapes.CROSS_REFERENCE, Collections.emptyList(), protocolVersion);
            default:
                throw new IllegalArgumentException("Unknown metadata operation " + method);
        }
    }

    private static List<Row> catalogs(Catalogs catalogs) {
        return catalogs.names().stream().map(name -> RowFactory.create(name)).collect(Collectors.toList());
    }

    private static List<Row> schemas(Catalogs catalogs, TGetSchemasReq request) {
        NamePattern schemas = NamePattern.of(request.getSchemaName());
        return sorted(
                catalogs.ask(request.getCatalogName(), source -> source.schemas(schemas).stream()
                        .map(schema -> RowFactory.create(schema, source.name))
                        .collect(Collectors.toList())),
                Shapes.SCHEMAS,
                "TABLE_CATALOG",
                "TABLE_SCHEM");
    }

    private static List<Row> tables(Catalogs catalogs, TGetTablesReq request) {
        NamePattern schemas = NamePattern.of(request.getSchemaName());
        NamePattern names = NamePattern.of(request.getTableName());
        Set<String> types = types(request.getTableTypes());
        return sorted(
                catalogs.ask(request.getCatalogName(), source -> source.relations(schemas, names).stream()
                        .filter(relation -> types.contains(relation.type))
                        .map(relation -> table(source.name, relation))
                        .collect(Collectors.toList())),
                Shapes.TABLES,
                "TABLE_TYPE",
                "TABLE_CAT",
                "TABLE_SCHEM",
                "TABLE_NAME");
    }

    private static Row table(String catalog, Relation relation) {
        return RowFactory.create(
                catalog, relation.schema, relation.name, relation.type, relation.comment, null, null, null, null, null);
    }

    /** Tools ask in the words of several systems; no words mean all types. */
    private static Set<String> types(List<String> requested) {
        if (requested == null || requested.isEmpty()) {
            return new HashSet<>(Arrays.asList(Relation.TABLE, Relation.VIEW));
        }
        Set<String> types = new HashSet<>();
        for (String word : requested) {
            String upper = word.trim().toUpperCase(Locale.ROOT);
            if (WORDS_FOR_TABLE.contains(upper)) {
                types.add(Relation.TABLE);
            } else if (WORDS_FOR_VIEW.contains(upper)) {
                types.add(Relation.VIEW);
            }
        }
        return types;
    }

    private static List<Row> columns(Catalogs catalogs, TGetColumnsReq request) {
        NamePattern schemas = NamePattern.of(request.getSchemaName());
        NamePattern names = NamePattern.of(request.getTableName());
        NamePattern columns = NamePattern.of(request.getColumnName());
        return sorted(
                catalogs.ask(request.getCatalogName(), source -> source.loaded(schemas, names).stream()
                        .flatMap(relation -> columns(source.name, relation, columns).stream())
                        .collect(Collectors.toList())),
                Shapes.COLUMNS,
                "TABLE_CAT",
                "TABLE_SCHEM",
                "TABLE_NAME");
    }

    private static List<Row> columns(String catalog, Relation relation, NamePattern columns) {
        StructField[] fields = relation.columns.fields();
        return Source.orNothing(
                "columns of " + relation.schema + "." + relation.name, () -> IntStream.range(0, fields.length)
                        .filter(i -> columns.matches(fields[i].name()))
                        .mapToObj(i -> column(catalog, relation, fields[i], i + 1))
                        .collect(Collectors.toList()));
    }

    private static Row column(String catalog, Relation relation, StructField field, int position) {
        JdbcType type = JdbcType.of(field.dataType());
        return RowFactory.create(
                catalog,
                relation.schema,
                relation.name,
                field.name(),
                type.code,
                field.dataType().sql(),
                type.size,
                null,
                type.digits,
                type.radix,
                field.nullable() ? DatabaseMetaData.columnNullable : DatabaseMetaData.columnNoNulls,
                field.getComment().getOrElse(() -> ""),
                field.getCurrentDefaultValue().getOrElse(() -> null),
                null,
                null,
                type.code == Types.CHAR || type.code == Types.VARCHAR ? type.size : null,
                position,
                field.nullable() ? "YES" : "NO",
                null,
                null,
                null,
                null,
                "NO");
    }

    private static List<Row> functions(Catalogs catalogs, TGetFunctionsReq request) {
        NamePattern schemas = NamePattern.of(request.getSchemaName());
        NamePattern names = NamePattern.of(request.getFunctionName());
        return sorted(
                catalogs.ask(request.getCatalogName(), source -> source.functions(schemas, names).stream()
                        .map(function -> function(source.name, function))
                        .collect(Collectors.toList())),
                Shapes.FUNCTIONS,
                "FUNCTION_CAT",
                "FUNCTION_SCHEM",
                "FUNCTION_NAME");
    }

    private static Row function(String catalog, NamedFunction function) {
        return RowFactory.create(
                function.schema == null ? null : catalog,
                function.schema,
                function.name,
                function.usage,
                function.returnsTable ? DatabaseMetaData.functionReturnsTable : DatabaseMetaData.functionNoTable,
                function.className);
    }

    /** In the order that JDBC wants: by these columns, nulls first, and else as they are. */
    private static List<Row> sorted(List<Row> rows, StructType shape, String... columns) {
        Arrays.stream(columns)
                .map(column -> by(shape.fieldIndex(column)))
                .reduce(Comparator::thenComparing)
                .ifPresent(rows::sort);
        return rows;
    }

    private static Comparator<Row> by(int column) {
        return Comparator.comparing(row -> row.getString(column), Comparator.nullsFirst(Comparator.naturalOrder()));
    }
}
