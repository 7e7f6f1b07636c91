package io.torii.spark.session;

import io.torii.spark.catalog.Metadata;
import io.torii.spark.result.ResultLimits;
import io.torii.spark.result.ResultSets;
import java.nio.file.Path;
import java.time.Clock;
import org.apache.hive.service.rpc.thrift.TProtocolVersion;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A running engine for each test, with real Spark, spoken to without a network. */
abstract class EngineTest {
    @TempDir
    Path spill;

    final SparkSession spark = TestSpark.get();
    ResultSets results;
    SessionService service;
    TestClient alice;
    TestClient bob;

    @BeforeEach
    void startEngine() {
        results = new ResultSets(spark, new ResultLimits(64 << 20, 1L << 30, spill, 4 << 20));
        service = new SessionService(spark, results, new Metadata(results), clock());
        alice = client("alice", TProtocolVersion.HIVE_CLI_SERVICE_PROTOCOL_V10);
        bob = client("bob", TProtocolVersion.HIVE_CLI_SERVICE_PROTOCOL_V10);
    }

    @AfterEach
    void stopEngine() {
        service.close();
        results.close();
    }

    Clock clock() {
        return Clock.systemUTC();
    }

    TestClient client(String user, TProtocolVersion protocol) {
        return new TestClient(call -> service.handler().handle(call).toCompletableFuture(), user, protocol);
    }
}
