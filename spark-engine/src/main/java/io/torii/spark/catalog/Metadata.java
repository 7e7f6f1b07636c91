package io.torii.spark.catalog;

import io.torii.spark.result.ResultSet;
import io.torii.spark.result.ResultSets;
import org.apache.spark.sql.SparkSession;
import org.apache.thrift.TBase;

/** Answers the metadata operations of HiveServer2's protocol from the catalogs of a session. Thread-safe. */
public final class Metadata {
    public Metadata(ResultSets results) {}

    /**
     * Answers one operation.
     *
     * @param method GetTypeInfo, GetCatalogs, GetSchemas, GetTables, GetTableTypes, GetColumns, GetFunctions,
     *     GetPrimaryKeys or GetCrossReference
     * @param request its TCLIService request
     * @param protocolVersion value of the negotiated TProtocolVersion, 0 for V1
     */
    public ResultSet answer(SparkSession session, String method, TBase<?, ?> request, int protocolVersion) {
        throw new UnsupportedOperationException(method);
    }
}
