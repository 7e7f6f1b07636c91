package io.torii.server.frontend.thrift;

import io.torii.api.error.ErrorCode;
import io.torii.api.error.GatewayException;
import io.torii.api.session.SessionId;
import io.torii.server.session.Caller;
import io.torii.server.session.Session;
import io.torii.server.session.SessionRequest;
import io.torii.server.session.Sessions;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.apache.hive.service.rpc.thrift.TCancelDelegationTokenReq;
import org.apache.hive.service.rpc.thrift.TCancelDelegationTokenResp;
import org.apache.hive.service.rpc.thrift.TCloseSessionReq;
import org.apache.hive.service.rpc.thrift.TCloseSessionResp;
import org.apache.hive.service.rpc.thrift.TDownloadDataReq;
import org.apache.hive.service.rpc.thrift.TDownloadDataResp;
import org.apache.hive.service.rpc.thrift.TGetDelegationTokenReq;
import org.apache.hive.service.rpc.thrift.TGetDelegationTokenResp;
import org.apache.hive.service.rpc.thrift.TGetInfoResp;
import org.apache.hive.service.rpc.thrift.TGetInfoValue;
import org.apache.hive.service.rpc.thrift.TOpenSessionResp;
import org.apache.hive.service.rpc.thrift.TProtocolVersion;
import org.apache.hive.service.rpc.thrift.TRenewDelegationTokenReq;
import org.apache.hive.service.rpc.thrift.TRenewDelegationTokenResp;
import org.apache.hive.service.rpc.thrift.TSetClientInfoReq;
import org.apache.hive.service.rpc.thrift.TSetClientInfoResp;
import org.apache.hive.service.rpc.thrift.TStatus;
import org.apache.hive.service.rpc.thrift.TUploadDataReq;
import org.apache.hive.service.rpc.thrift.TUploadDataResp;
import org.apache.thrift.TBase;

/** Opening and closing sessions, and what is asked about them. Thread-safe. */
final class SessionCalls {
    private static final String FETCH_SIZE = "torii.session.fetch-size";
    private static final String HIVE_FETCH_SIZE = "hive.server2.thrift.resultset.default.fetch.size";

    private final Sessions sessions;
    private final DatabaseInfo info;
    private final int fetchSize;

    SessionCalls(Sessions sessions, DatabaseInfo info, int fetchSize) {
        this.sessions = sessions;
        this.info = info;
        this.fetchSize = fetchSize;
    }

    void addTo(Map<String, Method<?>> methods) {
        methods.put("OpenSession", Method.withoutStatus(OpenRequest::read, 0, this::open));
        methods.put(
                "CloseSession",
                Method.of(
                        Method.generated(TCloseSessionReq::new), status -> new TCloseSessionResp(status), this::close));
        methods.put(
                "GetInfo",
                Method.of(
                        InfoRequest::read,
                        status -> new TGetInfoResp(status, TGetInfoValue.stringValue("")),
                        this::info));
        methods.put(
                "SetClientInfo",
                Method.of(
                        Method.generated(TSetClientInfoReq::new),
                        status -> new TSetClientInfoResp(status),
                        (request, call) -> owned(Handles.session(request.getSessionHandle()), call)
                                .thenApply(session -> new Reply.Value(new TSetClientInfoResp(TStatuses.success())))));
        methods.put(
                "GetDelegationToken",
                refused(
                        Method.generated(TGetDelegationTokenReq::new),
                        status -> new TGetDelegationTokenResp(status),
                        "Delegation tokens are not supported"));
        methods.put(
                "CancelDelegationToken",
                refused(
                        Method.generated(TCancelDelegationTokenReq::new),
                        status -> new TCancelDelegationTokenResp(status),
                        "Delegation tokens are not supported"));
        methods.put(
                "RenewDelegationToken",
                refused(
                        Method.generated(TRenewDelegationTokenReq::new),
                        status -> new TRenewDelegationTokenResp(status),
                        "Delegation tokens are not supported"));
        methods.put(
                "UploadData",
                refused(
                        Method.generated(TUploadDataReq::new),
                        status -> new TUploadDataResp(status, Handles.none()),
                        "Uploading data is not supported"));
        methods.put(
                "DownloadData",
                refused(
                        Method.generated(TDownloadDataReq::new),
                        status -> new TDownloadDataResp(status, Handles.none()),
                        "Downloading data is not supported"));
    }

    private CompletableFuture<Reply> open(OpenRequest request, Call call) {
        TProtocolVersion version = ProtocolVersions.negotiate(request.protocol());
        return call.client()
                .admit(request.user(), request.password())
                .thenCompose(caller -> sessions.open(new SessionRequest(
                                caller,
                                version.getValue(),
                                request.configuration(),
                                call.client().frontend()))
                        .thenApply(session -> opened(session, caller, version, call)))
                .exceptionally(failure -> new Reply.Value(new TOpenSessionResp(TStatuses.of(failure), version)));
    }

    /** Hive's drivers from 2.3 on take the fetch size from here, and some fail if there is no configuration at all. */
    private Reply opened(Session session, Caller caller, TProtocolVersion version, Call call) {
        call.client().used(session, caller);
        String rows = session.settings().getOrDefault(FETCH_SIZE, Integer.toString(fetchSize));
        TOpenSessionResp response = new TOpenSessionResp(TStatuses.success(), version);
        response.setSessionHandle(Handles.of(session.id()));
        response.setConfiguration(Map.of(HIVE_FETCH_SIZE, rows));
        return new Reply.Value(response);
    }

    private CompletableFuture<Reply> close(TCloseSessionReq request, Call call) {
        SessionId id = Handles.session(request.getSessionHandle());
        return sessions.close(id, call.client().callerOf(id)).thenApply(closed -> {
            call.client().closed(id);
            return new Reply.Value(new TCloseSessionResp(TStatuses.success()));
        });
    }

    private CompletableFuture<Reply> info(InfoRequest request, Call call) {
        return owned(Handles.session(request.session()), call)
                .thenApply(session -> new Reply.Value(
                        new TGetInfoResp(TStatuses.success(), info.answer(request.type(), session.user()))));
    }

    private CompletableFuture<Session> owned(SessionId id, Call call) {
        Caller caller = call.client().callerOf(id);
        return sessions.require(id, caller).thenApply(session -> {
            call.client().used(session, caller);
            return session;
        });
    }

    private static <Q> Method<Q> refused(
            Method.Reader<Q> reader, Function<TStatus, TBase<?, ?>> refusal, String message) {
        return Method.of(
                reader,
                refusal,
                (request, call) ->
                        CompletableFuture.failedFuture(new GatewayException(ErrorCode.NOT_SUPPORTED, message)));
    }
}
