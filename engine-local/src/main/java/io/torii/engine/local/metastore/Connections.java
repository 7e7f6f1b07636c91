package io.torii.engine.local.metastore;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.apache.hadoop.hive.metastore.HiveMetaStore;
import org.apache.hadoop.hive.metastore.RawStore;
import org.apache.thrift.protocol.TProtocol;
import org.apache.thrift.server.ServerContext;
import org.apache.thrift.server.TServerEventHandler;
import org.apache.thrift.transport.TTransport;

/** Counts the metastore's clients and frees what each has used. Thread-safe. */
final class Connections implements TServerEventHandler {
    private final LongSupplier nanoTime;
    private int open;
    private long lastSeen;

    Connections(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.lastSeen = nanoTime.getAsLong();
    }

    synchronized boolean idleFor(Duration limit) {
        return open == 0 && nanoTime.getAsLong() - lastSeen >= limit.toNanos();
    }

    @Override
    public void preServe() {
        count(0);
    }

    @Override
    public ServerContext createContext(TProtocol input, TProtocol output) {
        count(1);
        return null;
    }

    /** Called by the thread that has served the client: the store that it used is bound to that thread. */
    @Override
    public void deleteContext(ServerContext context, TProtocol input, TProtocol output) {
        count(-1);
        RawStore store = HiveMetaStore.HMSHandler.getRawStore();
        if (store != null) {
            store.shutdown();
            HiveMetaStore.HMSHandler.removeRawStore();
        }
    }

    @Override
    public void processContext(ServerContext context, TTransport input, TTransport output) {
        // nothing to note of a single call
    }

    private synchronized void count(int change) {
        open += change;
        lastSeen = nanoTime.getAsLong();
    }
}
