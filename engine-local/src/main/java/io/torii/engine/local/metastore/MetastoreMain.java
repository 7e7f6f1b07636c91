package io.torii.engine.local.metastore;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.hive.conf.HiveConf;
import org.apache.hadoop.hive.metastore.HiveMetaStore;
import org.apache.hadoop.hive.metastore.TSetIpAddressProcessor;
import org.apache.hadoop.hive.metastore.api.ThriftHiveMetastore;
import org.apache.hadoop.hive.metastore.txn.TxnDbUtil;
import org.apache.thrift.protocol.TBinaryProtocol;
import org.apache.thrift.server.TServer;
import org.apache.thrift.server.TThreadPoolServer;
import org.apache.thrift.transport.TServerSocket;
import org.apache.thrift.transport.TTransportFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hive's metastore on the loopback address: Hive's own main listens on every interface and asks nobody for a password.
 * Its only argument is a properties file: {@code port}, {@code orphan-timeout}, and Hive settings. It listens before it
 * is ready, so that who connects early waits instead of failing, and ends once nobody has been connected for the
 * orphan time-out.
 */
public final class MetastoreMain {
    private static final Logger log = LoggerFactory.getLogger(MetastoreMain.class);
    private static final int BACKLOG = 256;
    private static final int MAX_CONNECTIONS = 1_000;

    private MetastoreMain() {}

    /** Serves until the process is ended, or nobody is connected for too long. */
    public static void main(String[] arguments) throws Exception {
        Properties settings = new Properties();
        try (var reader = Files.newBufferedReader(Path.of(arguments[0]), StandardCharsets.UTF_8)) {
            settings.load(reader);
        }
        ServerSocket socket = listen(Integer.parseInt(settings.getProperty("port")));
        HiveConf conf = new HiveConf(HiveMetaStore.class);
        settings.stringPropertyNames().stream()
                .filter(name -> name.contains("."))
                .forEach(name -> conf.set(name, settings.getProperty(name)));
        ThriftHiveMetastore.Iface handler = HiveMetaStore.newRetryingHMSHandler("torii", conf, false);
        ensureLocks(conf);
        Connections connections = new Connections(System::nanoTime);
        TServer server = new TThreadPoolServer(new TThreadPoolServer.Args(new TServerSocket(socket))
                .processor(new TSetIpAddressProcessor<>(handler))
                .transportFactory(new TTransportFactory())
                .protocolFactory(new TBinaryProtocol.Factory())
                .minWorkerThreads(2)
                .maxWorkerThreads(MAX_CONNECTIONS));
        server.setServerEventHandler(connections);
        Duration orphanTimeout = Duration.parse(settings.getProperty("orphan-timeout"));
        ScheduledExecutorService watch = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "orphan-watch");
            thread.setDaemon(true);
            return thread;
        });
        watch.scheduleWithFixedDelay(
                () -> {
                    if (connections.idleFor(orphanTimeout)) {
                        log.info("Nobody has been connected for {}: ending", orphanTimeout);
                        server.stop();
                    }
                },
                1,
                1,
                TimeUnit.SECONDS);
        log.warn("Metastore is ready port={}", socket.getLocalPort());
        server.serve();
        watch.shutdownNow();
    }

    /** The tables of locks, which Hive's own scripts make and its schema by itself lacks: Iceberg takes locks. */
    private static void ensureLocks(HiveConf conf) throws Exception {
        try {
            TxnDbUtil.countLockComponents(conf, 0);
        } catch (SQLException none) {
            TxnDbUtil.prepDb(conf);
        }
    }

    private static ServerSocket listen(int port) throws IOException {
        ServerSocket socket = new ServerSocket();
        socket.setReuseAddress(true);
        socket.bind(new java.net.InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port), BACKLOG);
        return socket;
    }
}
