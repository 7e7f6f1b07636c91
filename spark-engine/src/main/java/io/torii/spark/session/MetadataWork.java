package io.torii.spark.session;

import static java.util.Objects.requireNonNull;

import io.torii.spark.catalog.Metadata;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.hive.service.rpc.thrift.TGetCatalogsReq;
import org.apache.hive.service.rpc.thrift.TGetColumnsReq;
import org.apache.hive.service.rpc.thrift.TGetCrossReferenceReq;
import org.apache.hive.service.rpc.thrift.TGetFunctionsReq;
import org.apache.hive.service.rpc.thrift.TGetPrimaryKeysReq;
import org.apache.hive.service.rpc.thrift.TGetSchemasReq;
import org.apache.hive.service.rpc.thrift.TGetTableTypesReq;
import org.apache.hive.service.rpc.thrift.TGetTablesReq;
import org.apache.hive.service.rpc.thrift.TGetTypeInfoReq;
import org.apache.thrift.TBase;

/** Answers a question about catalogs. */
final class MetadataWork implements Work {
    private static final Map<String, Supplier<TBase<?, ?>>> REQUESTS = requests();

    private final EngineSession session;
    private final String method;
    private final TBase<?, ?> request;
    private final Metadata metadata;

    MetadataWork(EngineSession session, String method, TBase<?, ?> request, Metadata metadata) {
        this.session = requireNonNull(session, "session");
        this.method = requireNonNull(method, "method");
        this.request = requireNonNull(request, "request");
        this.metadata = requireNonNull(metadata, "metadata");
    }

    /** An empty request of this method; empty if it is none about catalogs. */
    static Optional<TBase<?, ?>> requestOf(String method) {
        return Optional.ofNullable(REQUESTS.get(method)).map(Supplier::get);
    }

    @Override
    public Outcome run(Statement statement) {
        try (ThreadScope scope = ThreadScope.enter(session.spark(), session.user(), statement)) {
            int protocol = session.protocol().getValue();
            return new Outcome(metadata.answer(session.spark(), method, request, protocol), true);
        }
    }

    private static Map<String, Supplier<TBase<?, ?>>> requests() {
        Map<String, Supplier<TBase<?, ?>>> requests = new HashMap<>();
        requests.put("GetTypeInfo", TGetTypeInfoReq::new);
        requests.put("GetCatalogs", TGetCatalogsReq::new);
        requests.put("GetSchemas", TGetSchemasReq::new);
        requests.put("GetTables", TGetTablesReq::new);
        requests.put("GetTableTypes", TGetTableTypesReq::new);
        requests.put("GetColumns", TGetColumnsReq::new);
        requests.put("GetFunctions", TGetFunctionsReq::new);
        requests.put("GetPrimaryKeys", TGetPrimaryKeysReq::new);
        requests.put("GetCrossReference", TGetCrossReferenceReq::new);
        return Collections.unmodifiableMap(requests);
    }
}
