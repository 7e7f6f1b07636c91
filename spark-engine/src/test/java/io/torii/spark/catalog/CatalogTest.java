package io.torii.spark.catalog;

import io.torii.spark.result.Decoded;
import io.torii.spark.result.ResultLimits;
import io.torii.spark.result.ResultSet;
import io.torii.spark.result.ResultSets;
import io.torii.spark.session.TestSpark;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.apache.hive.service.rpc.thrift.TColumnDesc;
import org.apache.hive.service.rpc.thrift.TGetColumnsReq;
import org.apache.hive.service.rpc.thrift.TGetFunctionsReq;
import org.apache.hive.service.rpc.thrift.TGetSchemasReq;
import org.apache.hive.service.rpc.thrift.TGetTablesReq;
import org.apache.spark.sql.SparkSession;
import org.apache.thrift.TBase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Questions to the catalogs of a session of real Spark, which has a schema of its own for each test. */
abstract class CatalogTest {
    static final int V10 = 9;

    @TempDir
    Path spill;

    final SparkSession spark = TestSpark.get().newSession();
    final String schema = "s" + UUID.randomUUID().toString().replace("-", "");
    ResultSets results;
    Metadata metadata;

    @BeforeEach
    void openResults() {
        SparkSession.setActiveSession(spark);
        results = new ResultSets(spark, new ResultLimits(64 << 20, 64 << 20, spill, 4 << 20));
        metadata = new Metadata(results);
        sql("CREATE DATABASE " + schema);
    }

    @AfterEach
    void closeResults() {
        sql("DROP DATABASE " + schema + " CASCADE");
        results.close();
        SparkSession.clearActiveSession();
    }

    void sql(String text) {
        spark.sql(text);
    }

    ResultSet ask(String method, TBase<?, ?> request) {
        return metadata.answer(spark, method, request, V10);
    }

    List<List<Object>> schemas(String catalog, String schemas) {
        TGetSchemasReq request = new TGetSchemasReq();
        request.setCatalogName(catalog);
        request.setSchemaName(schemas);
        return rows("GetSchemas", request, "TABLE_CATALOG", "TABLE_SCHEM");
    }

    /** Type, catalog, schema and name. */
    List<List<Object>> tables(String catalog, String schemas, String names, String... types) {
        TGetTablesReq request = new TGetTablesReq();
        request.setCatalogName(catalog);
        request.setSchemaName(schemas);
        request.setTableName(names);
        for (String type : types) {
            request.addToTableTypes(type);
        }
        return rows("GetTables", request, "TABLE_TYPE", "TABLE_CAT", "TABLE_SCHEM", "TABLE_NAME");
    }

    List<Object> names(List<List<Object>> tables) {
        List<Object> names = new ArrayList<>();
        tables.forEach(table -> names.add(table.get(3)));
        return names;
    }

    List<List<Object>> columns(String catalog, String schemas, String tables, String names, String... shown) {
        TGetColumnsReq request = new TGetColumnsReq();
        request.setCatalogName(catalog);
        request.setSchemaName(schemas);
        request.setTableName(tables);
        request.setColumnName(names);
        return rows("GetColumns", request, shown);
    }

    List<List<Object>> functions(String catalog, String schemas, String names, String... shown) {
        TGetFunctionsReq request = new TGetFunctionsReq();
        request.setCatalogName(catalog);
        request.setSchemaName(schemas);
        request.setFunctionName(names);
        return rows("GetFunctions", request, shown);
    }

    List<List<Object>> rows(String method, TBase<?, ?> request, String... shown) {
        ResultSet result = ask(method, request);
        List<String> columns = new ArrayList<>();
        for (TColumnDesc column : Decoded.columns(result)) {
            columns.add(column.getColumnName());
        }
        List<List<Object>> rows = new ArrayList<>();
        for (List<Object> row : Decoded.rows(result, 1000)) {
            List<Object> values = new ArrayList<>();
            for (String column : shown) {
                values.add(row.get(columns.indexOf(column)));
            }
            rows.add(values);
        }
        return rows;
    }
}
