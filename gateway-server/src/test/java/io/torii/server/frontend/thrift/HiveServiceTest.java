package io.torii.server.frontend.thrift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.torii.api.error.ErrorCode;
import io.torii.api.error.GatewayException;
import io.torii.api.session.Progress;
import io.torii.api.session.SessionId;
import io.torii.api.session.StatementFailure;
import io.torii.api.session.StatementId;
import io.torii.api.session.StatementState;
import io.torii.api.session.StatementStatus;
import io.torii.server.auth.NoAuthenticator;
import io.torii.server.session.FetchRequest;
import io.torii.server.session.FetchRequest.Content;
import io.torii.server.session.FetchRequest.Orientation;
import io.torii.server.session.MetadataQuery;
import io.torii.server.session.StatementRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.hive.service.rpc.thrift.TCLIService;
import org.apache.hive.service.rpc.thrift.TCancelDelegationTokenReq;
import org.apache.hive.service.rpc.thrift.TCancelOperationReq;
import org.apache.hive.service.rpc.thrift.TCloseOperationReq;
import org.apache.hive.service.rpc.thrift.TCloseSessionReq;
import org.apache.hive.service.rpc.thrift.TDownloadDataReq;
import org.apache.hive.service.rpc.thrift.TExecuteStatementReq;
import org.apache.hive.service.rpc.thrift.TExecuteStatementResp;
import org.apache.hive.service.rpc.thrift.TFetchOrientation;
import org.apache.hive.service.rpc.thrift.TFetchResultsReq;
import org.apache.hive.service.rpc.thrift.TFetchResultsResp;
import org.apache.hive.service.rpc.thrift.TGetCatalogsReq;
import org.apache.hive.service.rpc.thrift.TGetColumnsReq;
import org.apache.hive.service.rpc.thrift.TGetCrossReferenceReq;
import org.apache.hive.service.rpc.thrift.TGetDelegationTokenReq;
import org.apache.hive.service.rpc.thrift.TGetFunctionsReq;
import org.apache.hive.service.rpc.thrift.TGetInfoReq;
import org.apache.hive.service.rpc.thrift.TGetInfoType;
import org.apache.hive.service.rpc.thrift.TGetOperationStatusReq;
import org.apache.hive.service.rpc.thrift.TGetOperationStatusResp;
import org.apache.hive.service.rpc.thrift.TGetPrimaryKeysReq;
import org.apache.hive.service.rpc.thrift.TGetQueryIdReq;
import org.apache.hive.service.rpc.thrift.TGetResultSetMetadataReq;
import org.apache.hive.service.rpc.thrift.TGetSchemasReq;
import org.apache.hive.service.rpc.thrift.TGetTableTypesReq;
import org.apache.hive.service.rpc.thrift.TGetTablesReq;
import org.apache.hive.service.rpc.thrift.TGetTablesResp;
import org.apache.hive.service.rpc.thrift.TGetTypeInfoReq;
import org.apache.hive.service.rpc.thrift.TOpenSessionReq;
import org.apache.hive.service.rpc.thrift.TOpenSessionResp;
import org.apache.hive.service.rpc.thrift.TOperationHandle;
import org.apache.hive.service.rpc.thrift.TOperationState;
import org.apache.hive.service.rpc.thrift.TOperationType;
import org.apache.hive.service.rpc.thrift.TProtocolVersion;
import org.apache.hive.service.rpc.thrift.TRenewDelegationTokenReq;
import org.apache.hive.service.rpc.thrift.TSessionHandle;
import org.apache.hive.service.rpc.thrift.TSetClientInfoReq;
import org.apache.hive.service.rpc.thrift.TStatus;
import org.apache.hive.service.rpc.thrift.TStatusCode;
import org.apache.hive.service.rpc.thrift.TUploadDataReq;
import org.apache.thrift.TApplicationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HiveServiceTest {
    private TestGateway gateway;
    private TCLIService.Client client;
    private TSessionHandle session;

    @BeforeEach
    void connect() throws Exception {
        gateway = new TestGateway(new NoAuthenticator());
        client = gateway.sasl("alice", "x");
        session = open(TProtocolVersion.HIVE_CLI_SERVICE_PROTOCOL_V11).getSessionHandle();
    }

    @AfterEach
    void close() {
        client.getInputProtocol().getTransport().close();
        gateway.close();
    }

    private TOpenSessionResp open(TProtocolVersion version) throws Exception {
        return client.OpenSession(new TOpenSessionReq(version));
    }

    private TOperationHandle submit(String sql) throws Exception {
        return execute(sql, true).getOperationHandle();
    }

    private TExecuteStatementResp execute(String sql, boolean async) throws Exception {
        TExecuteStatementReq request = new TExecuteStatementReq(session, sql);
        request.setRunAsync(async);
        return client.ExecuteStatement(request);
    }

    private static void assertFailure(TStatus status, String sqlState, int code, String message) {
        assertThat(status.getStatusCode()).isEqualTo(TStatusCode.ERROR_STATUS);
        assertThat(status.getSqlState()).isEqualTo(sqlState);
        assertThat(status.getErrorCode()).isEqualTo(code);
        assertThat(status.getErrorMessage()).isEqualTo(message);
    }

    private static void assertSuccess(TStatus status) {
        assertThat(status.getStatusCode()).as("%s", status.getErrorMessage()).isEqualTo(TStatusCode.SUCCESS_STATUS);
    }

    @Test
    void opensASessionForTheAuthenticatedUserWhateverTheRequestSays() throws Exception {
        TOpenSessionReq request = new TOpenSessionReq(TProtocolVersion.HIVE_CLI_SERVICE_PROTOCOL_V10);
        request.setUsername("root");
        request.setPassword("secret");
        request.setConfiguration(Map.of("use:database", "sales", "set:hiveconf:a", "b"));

        TOpenSessionResp response = client.OpenSession(request);

        assertSuccess(response.getStatus());
        var asked = gateway.sessions.requests.get(1);
        assertThat(asked.caller().user()).isEqualTo("alice");
        assertThat(asked.caller().address()).isEqualTo("127.0.0.1");
        assertThat(asked.protocolVersion()).isEqualTo(9);
        assertThat(asked.settings()).isEqualTo(Map.of("use:database", "sales", "set:hiveconf:a", "b"));
        assertThat(gateway.sessions.open).containsKey(Handles.session(response.getSessionHandle()));
    }

    @Test
    void tellsTheFetchSizeOfTheSession() throws Exception {
        String key = "hive.server2.thrift.resultset.default.fetch.size";
        assertThat(open(TProtocolVersion.HIVE_CLI_SERVICE_PROTOCOL_V11).getConfiguration())
                .containsEntry(key, "10000");
        gateway.sessions.settings = Map.of("torii.session.fetch-size", "77");
        assertThat(open(TProtocolVersion.HIVE_CLI_SERVICE_PROTOCOL_V11).getConfiguration())
                .containsEntry(key, "77");
    }

    @Test
    void saysWhyASessionIsRefused() throws Exception {
        gateway.sessions.refusal =
                new GatewayException(ErrorCode.TOO_MANY_SESSIONS, "User alice has 10 sessions, the limit is 10");

        TOpenSessionResp response = open(TProtocolVersion.HIVE_CLI_SERVICE_PROTOCOL_V6);

        assertFailure(response.getStatus(), "08004", 2001, "User alice has 10 sessions, the limit is 10");
        assertThat(response.getServerProtocolVersion()).isEqualTo(TProtocolVersion.HIVE_CLI_SERVICE_PROTOCOL_V6);
    }

    @Test
    void closesASession() throws Exception {
        assertSuccess(client.CloseSession(new TCloseSessionReq(session)).getStatus());

        TStatus again = client.CloseSession(new TCloseSessionReq(session)).getStatus();

        assertThat(again.getStatusCode()).isEqualTo(TStatusCode.INVALID_HANDLE_STATUS);
        assertThat(gateway.sessions.open).isEmpty();
    }

    @Test
    void refusesSomebodyElsesHandles() throws Exception {
        TOperationHandle statement = submit("select 1");
        TCLIService.Client mallory = gateway.sasl("mallory", "x");

        TStatus fetch = mallory.FetchResults(new TFetchResultsReq(statement, TFetchOrientation.FETCH_NEXT, 10))
                .getStatus();
        TStatus close = mallory.CloseSession(new TCloseSessionReq(session)).getStatus();

        assertThat(fetch.getSqlState()).isEqualTo("42501");
        assertThat(close.getSqlState()).isEqualTo("42501");
        assertThat(gateway.statements.fetches).isEmpty();
        mallory.getInputProtocol().getTransport().close();
    }

    @Test
    void runsAStatementAsynchronously() throws Exception {
        TExecuteStatementReq request = new TExecuteStatementReq(session, "select 1");
        request.setRunAsync(true);
        request.setConfOverlay(Map.of("k", "v"));
        request.setQueryTimeout(7);
        gateway.statements.status = StatementStatus.of(StatementState.RUNNING);

        TExecuteStatementResp response = client.ExecuteStatement(request);

        assertSuccess(response.getStatus());
        TOperationHandle handle = response.getOperationHandle();
        assertThat(handle.getOperationType()).isEqualTo(TOperationType.EXECUTE_STATEMENT);
        assertThat(handle.isHasResultSet()).isTrue();
        assertThat(gateway.statements.submitted.get(Handles.statement(handle)))
                .isEqualTo(new StatementRequest("select 1", Map.of("k", "v"), Optional.of(Duration.ofSeconds(7))));
        assertThat(Handles.statement(handle).session()).isEqualTo(Handles.session(session));
    }

    @Test
    void answersASynchronousStatementWhenItHasEnded() throws Exception {
        gateway.statements.status = StatementStatus.of(StatementState.RUNNING);
        client.send_ExecuteStatement(new TExecuteStatementReq(session, "use sales"));
        gateway.statements.ids.poll(10, TimeUnit.SECONDS);

        gateway.statements.become(new StatementStatus(
                StatementState.FINISHED,
                Optional.empty(),
                false,
                Optional.empty(),
                Optional.empty(),
                Optional.empty()));

        TExecuteStatementResp response = client.recv_ExecuteStatement();
        assertSuccess(response.getStatus());
        assertThat(response.getOperationHandle().isHasResultSet()).isFalse();
    }

    @Test
    void tellsThatAClientHasItsHandleOnceItsAnswerIsWritten() throws Exception {
        gateway.statements.status = StatementStatus.of(StatementState.RUNNING);
        client.send_ExecuteStatement(new TExecuteStatementReq(session, "insert"));
        StatementId id = gateway.statements.ids.poll(10, TimeUnit.SECONDS);
        assertThat(gateway.statements.handedOver).isEmpty();

        gateway.statements.become(StatementStatus.of(StatementState.FINISHED));
        client.recv_ExecuteStatement();

        assertThat(gateway.statements.nextHandedOver()).isEqualTo(id);
    }

    @Test
    void doesNotTellSoOfAStatementThatFailsInItsAnswer() throws Exception {
        gateway.statements.status = StatementStatus.of(StatementState.CANCELED);
        client.ExecuteStatement(new TExecuteStatementReq(session, "insert"));
        gateway.statements.status = StatementStatus.of(StatementState.FINISHED);
        client.ExecuteStatement(new TExecuteStatementReq(session, "insert"));

        gateway.statements.ids.poll(10, TimeUnit.SECONDS);
        assertThat(gateway.statements.nextHandedOver()).isEqualTo(gateway.statements.ids.poll(10, TimeUnit.SECONDS));
    }

    @Test
    void doesNotAskAtOnceAgainAnEngineThatAnswersAtOnceWithNothingNew() throws Exception {
        gateway.statements.status = StatementStatus.of(StatementState.RUNNING);
        gateway.statements.hasty = true;
        client.send_ExecuteStatement(new TExecuteStatementReq(session, "use sales"));
        gateway.statements.ids.poll(10, TimeUnit.SECONDS);
        CompletableFuture<Void> fourTurns = gateway.statements.asked(4);
        long start = System.nanoTime();

        assertThat(fourTurns).succeedsWithin(Duration.ofSeconds(10));

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(400));
        gateway.statements.become(StatementStatus.of(StatementState.FINISHED));
        assertSuccess(client.recv_ExecuteStatement().getStatus());
    }

    @Test
    void failsASynchronousStatementWithTheEnginesOwnMessageAndClosesIt() throws Exception {
        gateway.statements.status = StatementStatus.failed(
                new StatementFailure("42P01", 0, "[TABLE_OR_VIEW_NOT_FOUND] t", List.of("Cause: a:b", "more")),
                Instant.EPOCH);

        TExecuteStatementResp response = execute("select * from t", false);

        assertFailure(response.getStatus(), "42P01", 0, "[TABLE_OR_VIEW_NOT_FOUND] t");
        assertThat(response.getStatus().getInfoMessages())
                .containsExactly(
                        "*java.lang.RuntimeException:Cause: a:b:0:-1", "*java.lang.RuntimeException:more:0:-1");
        assertThat(gateway.statements.closed).hasSize(1);
    }

    @Test
    void saysWhyAStatementIsNotAccepted() throws Exception {
        gateway.statements.refusal = new GatewayException(ErrorCode.SETTING_DENIED, "Setting spark.jars is denied");

        assertFailure(execute("select 1", true).getStatus(), "42501", 1005, "Setting spark.jars is denied");
    }

    @Test
    void holdsAStatusRequestOpenUntilTheStateChanges() throws Exception {
        gateway.statements.status = StatementStatus.of(StatementState.RUNNING);
        TOperationHandle handle = submit("select 1");
        client.send_GetOperationStatus(new TGetOperationStatusReq(handle));

        gateway.statements.become(StatementStatus.of(StatementState.FINISHED));

        TGetOperationStatusResp response = client.recv_GetOperationStatus();
        assertThat(response.getOperationState()).isEqualTo(TOperationState.FINISHED_STATE);
        assertThat(response.isHasResultSet()).isTrue();
    }

    @Test
    void cutsTheWaitAtThePollLimit() throws Exception {
        gateway.statements.status = StatementStatus.of(StatementState.RUNNING);
        TOperationHandle handle = submit("select 1");

        TGetOperationStatusResp response = client.GetOperationStatus(new TGetOperationStatusReq(handle));

        assertThat(response.getOperationState()).isEqualTo(TOperationState.RUNNING_STATE);
        assertThat(response.isSetHasResultSet()).isFalse();
        assertThat(response.isSetProgressUpdateResponse()).isFalse();
    }

    @Test
    void tellsProgressToThoseWhoAskForIt() throws Exception {
        Progress progress = new Progress(List.of("STAGE"), List.of(List.of("1")), 0.5, "RUNNING", "foot", 42);
        gateway.statements.status = new StatementStatus(
                StatementState.RUNNING,
                Optional.empty(),
                true,
                Optional.of(progress),
                Optional.of(Instant.ofEpochMilli(5)),
                Optional.empty());
        TGetOperationStatusReq request = new TGetOperationStatusReq(submit("select 1"));
        request.setGetProgressUpdate(true);

        TGetOperationStatusResp response = client.GetOperationStatus(request);

        assertThat(response.getOperationStarted()).isEqualTo(5);
        assertThat(response.getProgressUpdateResponse().getRows()).containsExactly(List.of("1"));
        assertThat(response.getProgressUpdateResponse().getProgressedPercentage())
                .isEqualTo(0.5);
    }

    @Test
    void tellsAFailedStatementsStateAndMessage() throws Exception {
        TOperationHandle handle = submit("select 1/0");
        gateway.statements.status =
                StatementStatus.failed(new StatementFailure("22012", 3, "Division by zero", List.of()), Instant.EPOCH);

        TGetOperationStatusResp response = client.GetOperationStatus(new TGetOperationStatusReq(handle));

        assertSuccess(response.getStatus());
        assertThat(response.getOperationState()).isEqualTo(TOperationState.ERROR_STATE);
        assertThat(response.getSqlState()).isEqualTo("22012");
        assertThat(response.getErrorCode()).isEqualTo(3);
        assertThat(response.getErrorMessage()).isEqualTo("Division by zero");
        assertThat(response.getStatus().isSetInfoMessages()).isFalse();
    }

    @Test
    void fetchesSchemaRowsAndLog() throws Exception {
        TOperationHandle handle = submit("select 'x'");
        assertThat(client.GetResultSetMetadata(new TGetResultSetMetadataReq(handle))
                        .getSchema()
                        .getColumns())
                .hasSize(1);
        TFetchResultsReq rows = new TFetchResultsReq(handle, TFetchOrientation.FETCH_NEXT, 100);
        TFetchResultsReq log = new TFetchResultsReq(handle, TFetchOrientation.FETCH_FIRST, 50);
        log.setFetchType((short) 1);

        TFetchResultsResp page = client.FetchResults(rows);
        client.FetchResults(log);

        assertThat(page.getResults().getColumns().get(0).getStringVal().getValues())
                .containsExactly("select 'x'");
        assertThat(gateway.statements.fetches)
                .containsExactly(
                        new FetchRequest(Content.ROWS, Orientation.NEXT, 100),
                        new FetchRequest(Content.LOG, Orientation.FIRST, 50));
    }

    @Test
    void refusesWhatCannotBeFetched() throws Exception {
        TOperationHandle handle = submit("select 1");
        TFetchResultsReq odd = new TFetchResultsReq(handle, TFetchOrientation.FETCH_NEXT, 1);
        odd.setFetchType((short) 9);

        assertFailure(
                client.FetchResults(odd).getStatus(),
                "0A000",
                1007,
                "There is no fetch type 9, expected 0 (rows) or 1 (log)");
        assertThat(client.FetchResults(new TFetchResultsReq(handle, TFetchOrientation.FETCH_LAST, 1))
                        .getStatus()
                        .getSqlState())
                .isEqualTo("0A000");
    }

    @Test
    void cancelsAndCloses() throws Exception {
        TOperationHandle handle = submit("select 1");

        assertSuccess(client.CancelOperation(new TCancelOperationReq(handle)).getStatus());
        assertSuccess(client.CloseOperation(new TCloseOperationReq(handle)).getStatus());

        assertThat(gateway.statements.cancelled).containsExactly(Handles.statement(handle));
        assertThat(client.CloseOperation(new TCloseOperationReq(handle))
                        .getStatus()
                        .getStatusCode())
                .isEqualTo(TStatusCode.INVALID_HANDLE_STATUS);
    }

    @Test
    void asksForMetadataInJdbcsPatterns() throws Exception {
        TGetTablesReq tables = new TGetTablesReq(session);
        tables.setCatalogName("");
        tables.setSchemaName("*");
        tables.setTableName("sales.*");
        tables.setTableTypes(List.of("TABLE"));
        TGetTablesResp response = client.GetTables(tables);
        assertSuccess(response.getStatus());
        assertThat(response.getOperationHandle().getOperationType()).isEqualTo(TOperationType.GET_TABLES);
        assertThat(response.getOperationHandle().isHasResultSet()).isTrue();
        TGetSchemasReq schemas = new TGetSchemasReq(session);
        schemas.setCatalogName("c");
        assertSuccess(client.GetSchemas(schemas).getStatus());
        assertSuccess(client.GetTypeInfo(new TGetTypeInfoReq(session)).getStatus());
        assertSuccess(client.GetCatalogs(new TGetCatalogsReq(session)).getStatus());
        assertSuccess(client.GetTableTypes(new TGetTableTypesReq(session)).getStatus());
        assertSuccess(client.GetColumns(new TGetColumnsReq(session)).getStatus());
        assertSuccess(client.GetFunctions(new TGetFunctionsReq(session, "")).getStatus());
        TGetPrimaryKeysReq keys = new TGetPrimaryKeysReq(session);
        keys.setTableName("a*");
        assertSuccess(client.GetPrimaryKeys(keys).getStatus());
        assertSuccess(
                client.GetCrossReference(new TGetCrossReferenceReq(session)).getStatus());

        Optional<String> none = Optional.empty();
        assertThat(gateway.statements.submitted.values())
                .containsExactlyInAnyOrder(
                        new MetadataQuery.Tables(none, Optional.of("%"), Optional.of("sales%"), List.of("TABLE")),
                        new MetadataQuery.Schemas(Optional.of("c"), none),
                        new MetadataQuery.TypeInfo(),
                        new MetadataQuery.Catalogs(),
                        new MetadataQuery.TableTypes(),
                        new MetadataQuery.Columns(none, none, none, none),
                        new MetadataQuery.Functions(none, none, "%"),
                        new MetadataQuery.PrimaryKeys(none, none, Optional.of("a*")),
                        new MetadataQuery.CrossReference(none, none, none, none, none, none));
    }

    @Test
    void answersMetadataWhenTheResultIsThereOrSaysWhyNot() throws Exception {
        gateway.statements.status =
                StatementStatus.failed(new StatementFailure("42000", 0, "No such catalog", List.of()), Instant.EPOCH);

        assertFailure(client.GetCatalogs(new TGetCatalogsReq(session)).getStatus(), "42000", 0, "No such catalog");
    }

    @Test
    void answersEveryKindOfInformation() throws Exception {
        for (TGetInfoType type : TGetInfoType.values()) {
            assertSuccess(client.GetInfo(new TGetInfoReq(session, type)).getStatus());
        }
        assertThat(client.GetInfo(new TGetInfoReq(session, TGetInfoType.CLI_DBMS_NAME))
                        .getInfoValue()
                        .getStringValue())
                .isEqualTo("Spark SQL");
        assertThat(client.GetInfo(new TGetInfoReq(session, TGetInfoType.CLI_DBMS_VER))
                        .getInfoValue()
                        .getStringValue())
                .isEqualTo("3.5.5");
        assertThat(client.GetInfo(new TGetInfoReq(session, TGetInfoType.CLI_ODBC_KEYWORDS))
                        .getInfoValue()
                        .getStringValue())
                .contains("LATERAL");
    }

    @Test
    void tellsTheStatementsIdAsQueryId() throws Exception {
        TOperationHandle handle = submit("select 1");

        assertThat(client.GetQueryId(new TGetQueryIdReq(handle)).getQueryId())
                .isEqualTo(Handles.statement(handle).toString());
        TOperationHandle unknown = Handles.none();
        assertThatThrownBy(() -> client.GetQueryId(new TGetQueryIdReq(unknown)))
                .isInstanceOf(TApplicationException.class)
                .hasMessageStartingWith("There is no session");
    }

    @Test
    void refusesWhatItDoesNotHaveInOneSentence() throws Exception {
        String tokens = "Delegation tokens are not supported";
        assertFailure(
                client.GetDelegationToken(new TGetDelegationTokenReq(session, "alice", "bob"))
                        .getStatus(),
                "0A000",
                1007,
                tokens);
        assertFailure(
                client.CancelDelegationToken(new TCancelDelegationTokenReq(session, "t"))
                        .getStatus(),
                "0A000",
                1007,
                tokens);
        assertFailure(
                client.RenewDelegationToken(new TRenewDelegationTokenReq(session, "t"))
                        .getStatus(),
                "0A000",
                1007,
                tokens);
        assertFailure(
                client.UploadData(new TUploadDataReq(session, java.nio.ByteBuffer.allocate(1)))
                        .getStatus(),
                "0A000",
                1007,
                "Uploading data is not supported");
        assertFailure(
                client.DownloadData(new TDownloadDataReq(session)).getStatus(),
                "0A000",
                1007,
                "Downloading data is not supported");
    }

    @Test
    void takesClientInformation() throws Exception {
        TSetClientInfoReq request = new TSetClientInfoReq(session);
        request.setConfiguration(Map.of("ApplicationName", "report"));

        assertSuccess(client.SetClientInfo(request).getStatus());
    }

    @Test
    void tellsSessionsThatTheirConnectionIsLost() throws Exception {
        SessionId closed = Handles.session(
                open(TProtocolVersion.HIVE_CLI_SERVICE_PROTOCOL_V11).getSessionHandle());
        client.CloseSession(new TCloseSessionReq(Handles.of(closed)));

        client.getInputProtocol().getTransport().close();

        assertThat(gateway.sessions.lost.poll(10, TimeUnit.SECONDS)).isEqualTo(Handles.session(session));
        assertThat(gateway.sessions.lost).isEmpty();
    }

    @Test
    void tellsSessionsUsedOverAnotherConnection() throws Exception {
        TOperationHandle handle = submit("select 1");
        TCLIService.Client second = gateway.sasl("alice", "x");
        assertSuccess(
                second.GetOperationStatus(new TGetOperationStatusReq(handle)).getStatus());

        second.getInputProtocol().getTransport().close();

        assertThat(gateway.sessions.lost.poll(10, TimeUnit.SECONDS)).isEqualTo(Handles.session(session));
    }

    @Test
    void leavesSessionsAloneWhenItStopsItself() throws Exception {
        gateway.stop();

        assertThatThrownBy(() -> open(TProtocolVersion.HIVE_CLI_SERVICE_PROTOCOL_V11))
                .isNotNull();
        assertThat(gateway.sessions.lost).isEmpty();
    }

    @Test
    void givesUpAWaitWhenTheClientGoes() throws Exception {
        gateway.statements.status = StatementStatus.of(StatementState.RUNNING);
        client.send_ExecuteStatement(new TExecuteStatementReq(session, "select 1"));
        gateway.statements.ids.poll(10, TimeUnit.SECONDS);

        client.getInputProtocol().getTransport().close();

        gateway.sessions.lost.poll(10, TimeUnit.SECONDS);
        assertThat(gateway.statements.waits).hasSize(1).allMatch(wait -> wait.isCancelled());
    }
}
