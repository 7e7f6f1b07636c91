package io.torii.server.frontend.thrift;

import org.apache.hive.service.rpc.thrift.TProtocolVersion;

/** Which version of Hive's protocol a client and this gateway speak with each other. */
final class ProtocolVersions {
    private static final TProtocolVersion NEWEST = TProtocolVersion.HIVE_CLI_SERVICE_PROTOCOL_V11;

    private ProtocolVersions() {}

    /**
     * The lower of the client's and ours. V9 means results serialized by Hive's SerDe, which engines do not speak: V8 it is.
     * A number that is unknown belongs to a newer client.
     */
    static TProtocolVersion negotiate(int wished) {
        if (wished < 0) {
            return TProtocolVersion.HIVE_CLI_SERVICE_PROTOCOL_V1;
        }
        TProtocolVersion known = TProtocolVersion.findByValue(wished);
        if (known == null) {
            return NEWEST;
        }
        return known == TProtocolVersion.HIVE_CLI_SERVICE_PROTOCOL_V9
                ? TProtocolVersion.HIVE_CLI_SERVICE_PROTOCOL_V8
                : known;
    }

    static boolean knowsProgress(int version) {
        return version >= TProtocolVersion.HIVE_CLI_SERVICE_PROTOCOL_V10.getValue();
    }

    /** Older clients hang on TIMEDOUT, and some take PENDING, which they do not know, for an end. */
    static boolean knowsAllStates(int version) {
        return version >= TProtocolVersion.HIVE_CLI_SERVICE_PROTOCOL_V10.getValue();
    }
}
