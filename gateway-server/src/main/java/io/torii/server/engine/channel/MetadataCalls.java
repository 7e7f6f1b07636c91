package io.torii.server.engine.channel;

import io.torii.server.session.MetadataQuery;
import org.apache.hive.service.rpc.thrift.TGetCatalogsReq;
import org.apache.hive.service.rpc.thrift.TGetColumnsReq;
import org.apache.hive.service.rpc.thrift.TGetCrossReferenceReq;
import org.apache.hive.service.rpc.thrift.TGetFunctionsReq;
import org.apache.hive.service.rpc.thrift.TGetPrimaryKeysReq;
import org.apache.hive.service.rpc.thrift.TGetSchemasReq;
import org.apache.hive.service.rpc.thrift.TGetTableTypesReq;
import org.apache.hive.service.rpc.thrift.TGetTablesReq;
import org.apache.hive.service.rpc.thrift.TGetTypeInfoReq;
import org.apache.hive.service.rpc.thrift.TSessionHandle;
import org.apache.thrift.TBase;

/** Questions about catalogs as TCLIService requests. */
final class MetadataCalls {
    private MetadataCalls() {}

    /** A method and its request struct. */
    record Request(String method, TBase<?, ?> struct) {}

    static Request request(TSessionHandle session, MetadataQuery query) {
        if (query instanceof MetadataQuery.TypeInfo) {
            return new Request("GetTypeInfo", new TGetTypeInfoReq(session));
        }
        if (query instanceof MetadataQuery.Catalogs) {
            return new Request("GetCatalogs", new TGetCatalogsReq(session));
        }
        if (query instanceof MetadataQuery.TableTypes) {
            return new Request("GetTableTypes", new TGetTableTypesReq(session));
        }
        if (query instanceof MetadataQuery.Schemas schemas) {
            return new Request("GetSchemas", schemas(session, schemas));
        }
        if (query instanceof MetadataQuery.Tables tables) {
            return new Request("GetTables", tables(session, tables));
        }
        if (query instanceof MetadataQuery.Columns columns) {
            return new Request("GetColumns", columns(session, columns));
        }
        if (query instanceof MetadataQuery.Functions functions) {
            return new Request("GetFunctions", functions(session, functions));
        }
        if (query instanceof MetadataQuery.PrimaryKeys keys) {
            return new Request("GetPrimaryKeys", primaryKeys(session, keys));
        }
        if (query instanceof MetadataQuery.CrossReference reference) {
            return new Request("GetCrossReference", crossReference(session, reference));
        }
        throw new IllegalArgumentException("metadata query: " + query);
    }

    private static TGetSchemasReq schemas(TSessionHandle session, MetadataQuery.Schemas query) {
        TGetSchemasReq request = new TGetSchemasReq(session);
        query.catalog().ifPresent(request::setCatalogName);
        query.schema().ifPresent(request::setSchemaName);
        return request;
    }

    private static TGetTablesReq tables(TSessionHandle session, MetadataQuery.Tables query) {
        TGetTablesReq request = new TGetTablesReq(session);
        query.catalog().ifPresent(request::setCatalogName);
        query.schema().ifPresent(request::setSchemaName);
        query.table().ifPresent(request::setTableName);
        if (!query.types().isEmpty()) {
            request.setTableTypes(query.types());
        }
        return request;
    }

    private static TGetColumnsReq columns(TSessionHandle session, MetadataQuery.Columns query) {
        TGetColumnsReq request = new TGetColumnsReq(session);
        query.catalog().ifPresent(request::setCatalogName);
        query.schema().ifPresent(request::setSchemaName);
        query.table().ifPresent(request::setTableName);
        query.column().ifPresent(request::setColumnName);
        return request;
    }

    private static TGetFunctionsReq functions(TSessionHandle session, MetadataQuery.Functions query) {
        TGetFunctionsReq request = new TGetFunctionsReq(session, query.function());
        query.catalog().ifPresent(request::setCatalogName);
        query.schema().ifPresent(request::setSchemaName);
        return request;
    }

    private static TGetPrimaryKeysReq primaryKeys(TSessionHandle session, MetadataQuery.PrimaryKeys query) {
        TGetPrimaryKeysReq request = new TGetPrimaryKeysReq(session);
        query.catalog().ifPresent(request::setCatalogName);
        query.schema().ifPresent(request::setSchemaName);
        query.table().ifPresent(request::setTableName);
        return request;
    }

    private static TGetCrossReferenceReq crossReference(TSessionHandle session, MetadataQuery.CrossReference query) {
        TGetCrossReferenceReq request = new TGetCrossReferenceReq(session);
        query.parentCatalog().ifPresent(request::setParentCatalogName);
        query.parentSchema().ifPresent(request::setParentSchemaName);
        query.parentTable().ifPresent(request::setParentTableName);
        query.foreignCatalog().ifPresent(request::setForeignCatalogName);
        query.foreignSchema().ifPresent(request::setForeignSchemaName);
        query.foreignTable().ifPresent(request::setForeignTableName);
        return request;
    }
}
