package io.torii.server.frontend.thrift;

import org.apache.hive.service.rpc.thrift.TSessionHandle;
import org.apache.thrift.TException;
import org.apache.thrift.protocol.TField;
import org.apache.thrift.protocol.TProtocol;
import org.apache.thrift.protocol.TProtocolException;
import org.apache.thrift.protocol.TProtocolUtil;
import org.apache.thrift.protocol.TType;

/** TGetInfoReq, read so that a type of information that our generated classes do not have is a number, not a failure. */
record InfoRequest(TSessionHandle session, int type) {
    static InfoRequest read(TProtocol in) throws TException {
        TSessionHandle session = null;
        int type = -1;
        in.readStructBegin();
        for (TField field = in.readFieldBegin(); field.type != TType.STOP; field = in.readFieldBegin()) {
            if (field.id == 1 && field.type == TType.STRUCT) {
                session = new TSessionHandle();
                session.read(in);
            } else if (field.id == 2 && field.type == TType.I32) {
                type = in.readI32();
            } else {
                TProtocolUtil.skip(in, field.type);
            }
            in.readFieldEnd();
        }
        in.readStructEnd();
        if (session == null) {
            throw new TProtocolException(TProtocolException.INVALID_DATA, "The session handle is missing");
        }
        return new InfoRequest(session, type);
    }
}
