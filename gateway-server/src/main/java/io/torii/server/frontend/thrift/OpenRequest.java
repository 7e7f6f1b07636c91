package io.torii.server.frontend.thrift;

import java.util.HashMap;
import java.util.Map;
import org.apache.thrift.TException;
import org.apache.thrift.protocol.TField;
import org.apache.thrift.protocol.TMap;
import org.apache.thrift.protocol.TProtocol;
import org.apache.thrift.protocol.TProtocolUtil;
import org.apache.thrift.protocol.TType;

/** TOpenSessionReq, read so that a protocol newer than our generated classes is a number and not a failure. */
record OpenRequest(int protocol, String user, String password, Map<String, String> configuration) {
    static OpenRequest read(TProtocol in) throws TException {
        int protocol = 0;
        String user = "";
        String password = "";
        Map<String, String> configuration = new HashMap<>();
        in.readStructBegin();
        for (TField field = in.readFieldBegin(); field.type != TType.STOP; field = in.readFieldBegin()) {
            if (field.id == 1 && field.type == TType.I32) {
                protocol = in.readI32();
            } else if (field.id == 2 && field.type == TType.STRING) {
                user = in.readString();
            } else if (field.id == 3 && field.type == TType.STRING) {
                password = in.readString();
            } else if (field.id == 4 && field.type == TType.MAP) {
                TMap map = in.readMapBegin();
                boolean texts = map.size > 0 && map.keyType == TType.STRING && map.valueType == TType.STRING;
                for (int entry = 0; entry < map.size; entry++) {
                    if (texts) {
                        configuration.put(in.readString(), in.readString());
                    } else {
                        TProtocolUtil.skip(in, map.keyType);
                        TProtocolUtil.skip(in, map.valueType);
                    }
                }
                in.readMapEnd();
            } else {
                TProtocolUtil.skip(in, field.type);
            }
            in.readFieldEnd();
        }
        in.readStructEnd();
        return new OpenRequest(protocol, user, password, configuration);
    }

    @Override
    public String toString() {
        return "OpenRequest[protocol=" + protocol + ", user=" + user + "]";
    }
}
