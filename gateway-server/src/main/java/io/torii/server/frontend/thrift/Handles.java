package io.torii.server.frontend.thrift;

import io.torii.api.error.ErrorCode;
import io.torii.api.error.GatewayException;
import io.torii.api.session.SessionId;
import io.torii.api.session.StatementId;
import java.nio.ByteBuffer;
import java.util.UUID;
import org.apache.hive.service.rpc.thrift.THandleIdentifier;
import org.apache.hive.service.rpc.thrift.TOperationHandle;
import org.apache.hive.service.rpc.thrift.TOperationType;
import org.apache.hive.service.rpc.thrift.TSessionHandle;

/**
 * Ids as Hive's handles: a session is its guid; a statement's guid is its own id, its secret the id of its session, so that
 * any gateway can serve it. No handle is a credential.
 */
final class Handles {
    private static final int ID_BYTES = 16;

    private Handles() {}

    static TSessionHandle of(SessionId id) {
        return new TSessionHandle(identifier(id.value(), id.value()));
    }

    static TOperationHandle of(StatementId id, TOperationType type, boolean hasResultSet) {
        return new TOperationHandle(identifier(id.value(), id.session().value()), type, hasResultSet);
    }

    /** For responses that must have a handle even if they refuse. */
    static TOperationHandle none() {
        UUID nobody = new UUID(0, 0);
        return new TOperationHandle(identifier(nobody, nobody), TOperationType.UNKNOWN, false);
    }

    static SessionId session(TSessionHandle handle) {
        return new SessionId(id(handle.getSessionId().getGuid(), "session"));
    }

    static StatementId statement(TOperationHandle handle) {
        THandleIdentifier identifier = handle.getOperationId();
        return new StatementId(
                new SessionId(id(identifier.getSecret(), "operation")), id(identifier.getGuid(), "operation"));
    }

    private static THandleIdentifier identifier(UUID guid, UUID secret) {
        return new THandleIdentifier(bytes(guid), bytes(secret));
    }

    private static ByteBuffer bytes(UUID id) {
        return ByteBuffer.allocate(ID_BYTES)
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits())
                .flip();
    }

    private static UUID id(byte[] bytes, String what) {
        if (bytes.length != ID_BYTES) {
            throw new GatewayException(
                    ErrorCode.INVALID_HANDLE,
                    "The " + what + " handle has " + bytes.length + " bytes, expected " + ID_BYTES);
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        return new UUID(buffer.getLong(), buffer.getLong());
    }
}
