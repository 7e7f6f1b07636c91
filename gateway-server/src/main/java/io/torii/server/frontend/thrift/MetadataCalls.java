package io.torii.server.frontend.thrift;

import io.torii.api.session.SessionId;
import io.torii.api.session.StatementId;
import io.torii.server.session.Caller;
import io.torii.server.session.MetadataQuery;
import io.torii.server.session.Statements;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.hive.service.rpc.thrift.TGetCatalogsReq;
import org.apache.hive.service.rpc.thrift.TGetCatalogsResp;
import org.apache.hive.service.rpc.thrift.TGetColumnsReq;
import org.apache.hive.service.rpc.thrift.TGetColumnsResp;
import org.apache.hive.service.rpc.thrift.TGetCrossReferenceReq;
import org.apache.hive.service.rpc.thrift.TGetCrossReferenceResp;
import org.apache.hive.service.rpc.thrift.TGetFunctionsReq;
import org.apache.hive.service.rpc.thrift.TGetFunctionsResp;
import org.apache.hive.service.rpc.thrift.TGetPrimaryKeysReq;
import org.apache.hive.service.rpc.thrift.TGetPrimaryKeysResp;
import org.apache.hive.service.rpc.thrift.TGetSchemasReq;
import org.apache.hive.service.rpc.thrift.TGetSchemasResp;
import org.apache.hive.service.rpc.thrift.TGetTableTypesReq;
import org.apache.hive.service.rpc.thrift.TGetTableTypesResp;
import org.apache.hive.service.rpc.thrift.TGetTablesReq;
import org.apache.hive.service.rpc.thrift.TGetTablesResp;
import org.apache.hive.service.rpc.thrift.TGetTypeInfoReq;
import org.apache.hive.service.rpc.thrift.TGetTypeInfoResp;
import org.apache.hive.service.rpc.thrift.TOperationHandle;
import org.apache.hive.service.rpc.thrift.TOperationType;
import org.apache.hive.service.rpc.thrift.TSessionHandle;
import org.apache.hive.service.rpc.thrift.TStatus;
import org.apache.thrift.TBase;

/** Questions about catalogs. Clients fetch right after the answer, so it comes when the result is there. Thread-safe. */
final class MetadataCalls {
    private final Statements statements;
    private final StatementEnd end;

    MetadataCalls(Statements statements) {
        this.statements = statements;
        this.end = new StatementEnd(statements);
    }

    void addTo(Map<String, Method<?>> methods) {
        methods.put(
                "GetTypeInfo",
                method(
                        TGetTypeInfoReq::new,
                        TGetTypeInfoReq::getSessionHandle,
                        request -> new MetadataQuery.TypeInfo(),
                        TOperationType.GET_TYPE_INFO,
                        TGetTypeInfoResp::new,
                        TGetTypeInfoResp::setOperationHandle));
        methods.put(
                "GetCatalogs",
                method(
                        TGetCatalogsReq::new,
                        TGetCatalogsReq::getSessionHandle,
                        request -> new MetadataQuery.Catalogs(),
                        TOperationType.GET_CATALOGS,
                        TGetCatalogsResp::new,
                        TGetCatalogsResp::setOperationHandle));
        methods.put(
                "GetTableTypes",
                method(
                        TGetTableTypesReq::new,
                        TGetTableTypesReq::getSessionHandle,
                        request -> new MetadataQuery.TableTypes(),
                        TOperationType.GET_TABLE_TYPES,
                        TGetTableTypesResp::new,
                        TGetTableTypesResp::setOperationHandle));
        methods.put(
                "GetSchemas",
                method(
                        TGetSchemasReq::new,
                        TGetSchemasReq::getSessionHandle,
                        request -> new MetadataQuery.Schemas(
                                name(request.getCatalogName()), pattern(request.getSchemaName())),
                        TOperationType.GET_SCHEMAS,
                        TGetSchemasResp::new,
                        TGetSchemasResp::setOperationHandle));
        methods.put(
                "GetTables",
                method(
                        TGetTablesReq::new,
                        TGetTablesReq::getSessionHandle,
                        request -> new MetadataQuery.Tables(
                                name(request.getCatalogName()),
                                pattern(request.getSchemaName()),
                                pattern(request.getTableName()),
                                request.isSetTableTypes() ? request.getTableTypes() : List.of()),
                        TOperationType.GET_TABLES,
                        TGetTablesResp::new,
                        TGetTablesResp::setOperationHandle));
        methods.put(
                "GetColumns",
                method(
                        TGetColumnsReq::new,
                        TGetColumnsReq::getSessionHandle,
                        request -> new MetadataQuery.Columns(
                                name(request.getCatalogName()),
                                pattern(request.getSchemaName()),
                                pattern(request.getTableName()),
                                pattern(request.getColumnName())),
                        TOperationType.GET_COLUMNS,
                        TGetColumnsResp::new,
                        TGetColumnsResp::setOperationHandle));
        methods.put(
                "GetFunctions",
                method(
                        TGetFunctionsReq::new,
                        TGetFunctionsReq::getSessionHandle,
                        request -> new MetadataQuery.Functions(
                                name(request.getCatalogName()),
                                pattern(request.getSchemaName()),
                                pattern(request.getFunctionName()).orElse("%")),
                        TOperationType.GET_FUNCTIONS,
                        TGetFunctionsResp::new,
                        TGetFunctionsResp::setOperationHandle));
        methods.put(
                "GetPrimaryKeys",
                method(
                        TGetPrimaryKeysReq::new,
                        TGetPrimaryKeysReq::getSessionHandle,
                        request -> new MetadataQuery.PrimaryKeys(
                                name(request.getCatalogName()),
                                name(request.getSchemaName()),
                                name(request.getTableName())),
                        TOperationType.UNKNOWN,
                        TGetPrimaryKeysResp::new,
                        TGetPrimaryKeysResp::setOperationHandle));
        methods.put(
                "GetCrossReference",
                method(
                        TGetCrossReferenceReq::new,
                        TGetCrossReferenceReq::getSessionHandle,
                        request -> new MetadataQuery.CrossReference(
                                name(request.getParentCatalogName()),
                                name(request.getParentSchemaName()),
                                name(request.getParentTableName()),
                                name(request.getForeignCatalogName()),
                                name(request.getForeignSchemaName()),
                                name(request.getForeignTableName())),
                        TOperationType.UNKNOWN,
                        TGetCrossReferenceResp::new,
                        TGetCrossReferenceResp::setOperationHandle));
    }

    private <Q extends TBase<?, ?>, R extends TBase<?, ?>> Method<Q> method(
            Supplier<Q> request,
            Function<Q, TSessionHandle> session,
            Function<Q, MetadataQuery> query,
            TOperationType type,
            Function<TStatus, R> response,
            BiConsumer<R, TOperationHandle> setHandle) {
        return Method.of(Method.generated(request), response::apply, (asked, call) -> ask(
                        Handles.session(session.apply(asked)), query.apply(asked), call)
                .thenApply(id -> {
                    R answer = response.apply(TStatuses.success());
                    setHandle.accept(answer, Handles.of(id, type, true));
                    return new Reply.Value(answer);
                }));
    }

    private CompletableFuture<StatementId> ask(SessionId session, MetadataQuery query, Call call) {
        return call.client().versionOf(session).thenCompose(version -> {
            Caller caller = call.client().callerOf(session);
            return statements.submit(session, caller, query).thenCompose(id -> end.of(id, caller, call)
                    .thenApply(ended -> id));
        });
    }

    private static Optional<String> name(String name) {
        return Optional.ofNullable(name).filter(given -> !given.isBlank());
    }

    /** Hue and impyla send {@code *} and {@code .*} where JDBC has {@code %}. */
    private static Optional<String> pattern(String pattern) {
        return name(pattern).map(given -> given.replace(".*", "%").replace('*', '%'));
    }
}
