package io.torii.server.frontend.thrift;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.apache.hive.service.rpc.thrift.TCLIService;
import org.apache.hive.service.rpc.thrift.TGetInfoReq;
import org.apache.hive.service.rpc.thrift.TGetInfoType;
import org.apache.hive.service.rpc.thrift.TOpenSessionReq;
import org.apache.hive.service.rpc.thrift.TProtocolVersion;
import org.apache.hive.service.rpc.thrift.TSessionHandle;
import org.apache.hive.service.rpc.thrift.TStatusCode;

/** A client that keeps to the rules and should notice nothing of others. One thread. */
final class Neighbour implements AutoCloseable {
    private static final long MOST_NANOS =
            2_000_000_000L; // for a loaded machine; a call takes well below a millisecond

    private final TCLIService.Client client;
    private final TSessionHandle session;
    private long[] times = new long[256];
    private int calls;

    Neighbour(TCLIService.Client client) throws Exception {
        this.client = client;
        TOpenSessionReq open = new TOpenSessionReq(TProtocolVersion.HIVE_CLI_SERVICE_PROTOCOL_V10);
        open.setUsername("alice");
        this.session = client.OpenSession(open).getSessionHandle();
    }

    /** Makes a call, which must be answered. */
    void isServed() throws Exception {
        long start = System.nanoTime();
        TStatusCode code = client.GetInfo(new TGetInfoReq(session, TGetInfoType.CLI_DBMS_NAME))
                .getStatus()
                .getStatusCode();
        if (calls == times.length) {
            times = Arrays.copyOf(times, 2 * calls);
        }
        times[calls++] = System.nanoTime() - start;
        assertThat(code).isEqualTo(TStatusCode.SUCCESS_STATUS);
    }

    void isServed(int rounds) throws Exception {
        for (int round = 0; round < rounds; round++) {
            isServed();
        }
    }

    /** Of all calls, 99 in 100 were answered soon. */
    void noticedNothing() {
        long[] sorted = Arrays.copyOf(times, calls);
        Arrays.sort(sorted);
        assertThat(sorted[calls * 99 / 100]).as("p99 of %s calls, in ns", calls).isLessThan(MOST_NANOS);
    }

    @Override
    public void close() {
        client.getInputProtocol().getTransport().close();
    }
}
