package io.torii.spark;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.torii.wire.LaunchFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** What engines call home at: says the same to every call, and remembers the calls. */
final class FakeGateway implements AutoCloseable {
    private final BlockingQueue<Map<String, String>> calls = new LinkedBlockingQueue<>();
    private final HttpServer server;

    /** @param status of every answer */
    FakeGateway(int status) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            Map<String, String> form = form(exchange.getRequestBody());
            form.put("path", exchange.getRequestURI().getPath());
            byte[] answer = "heartbeat-millis=200&command=none".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
            calls.add(form);
        });
        server.start();
    }

    /** A launch of an engine that calls here. */
    LaunchFile launch() {
        Map<String, String> values = new HashMap<>();
        values.put(LaunchFile.TAG, "torii-1");
        values.put(LaunchFile.TOKEN, "token");
        values.put(LaunchFile.SECRET, "secret");
        values.put(
                LaunchFile.GATEWAYS, "http://127.0.0.1:" + server.getAddress().getPort());
        values.put(LaunchFile.USER, "alice");
        values.put(LaunchFile.SHARE_LEVEL, "user");
        return LaunchFile.of(values);
    }

    /** The first call of this kind from now on. */
    Map<String, String> call(String kind) throws InterruptedException {
        while (true) {
            Map<String, String> call = calls.poll(120, SECONDS);
            assertThat(call).as("a call to " + kind).isNotNull();
            if (call.get("path").equals("/engine/v1/" + kind)) {
                return call;
            }
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private static Map<String, String> form(InputStream body) throws IOException {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        byte[] buffer = new byte[4096];
        for (int read = body.read(buffer); read >= 0; read = body.read(buffer)) {
            text.write(buffer, 0, read);
        }
        Map<String, String> form = new HashMap<>();
        for (String field : new String(text.toByteArray(), StandardCharsets.UTF_8).split("&", -1)) {
            String[] pair = field.split("=", 2);
            form.put(pair[0], pair.length == 2 ? pair[1] : "");
        }
        return form;
    }
}
