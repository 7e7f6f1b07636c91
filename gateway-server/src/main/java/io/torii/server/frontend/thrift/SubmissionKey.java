package io.torii.server.frontend.thrift;

import io.torii.api.session.SessionId;
import io.torii.server.session.StatementRequest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.TreeMap;

/** Which statement of which session, in few bytes whatever its length: equal for the same text, settings and time limit. */
record SubmissionKey(SessionId session, ByteBuffer digest) {
    static SubmissionKey of(SessionId session, StatementRequest request) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            add(digest, request.sql());
            add(digest, request.timeout().toString());
            new TreeMap<>(request.overlay()).forEach((name, value) -> {
                add(digest, name);
                add(digest, value);
            });
            return new SubmissionKey(session, ByteBuffer.wrap(digest.digest()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("This Java has no SHA-256", e);
        }
    }

    private static void add(MessageDigest digest, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        digest.update(ByteBuffer.allocate(4).putInt(bytes.length).flip());
        digest.update(bytes);
    }
}
