package remoting.interop.client;

import java.util.HashMap;
import org.apache.rocketmq.remoting.protocol.RemotingCommand;
import org.apache.rocketmq.remoting.protocol.SerializeType;

/** Requests in either header encoding. */
final class Requests {
    private Requests() {
    }

    /** How a header encoding is called in case names. */
    static String suffix(SerializeType type) {
        return type == SerializeType.JSON ? "/json" : "/rocketmq";
    }

    static RemotingCommand of(int code) {
        return of(code, SerializeType.JSON);
    }

    static RemotingCommand of(int code, SerializeType type) {
        RemotingCommand request = RemotingCommand.createRequestCommand(code, null);
        request.setSerializeTypeCurrentRPC(type);
        return request;
    }

    /** A request with ext fields, given as key, value, key, value. */
    static RemotingCommand with(int code, SerializeType type, String... pairs) {
        RemotingCommand request = of(code, type);
        var fields = new HashMap<String, String>();
        for (int i = 0; i < pairs.length; i += 2) {
            fields.put(pairs[i], pairs[i + 1]);
        }
        request.setExtFields(fields);
        return request;
    }
}
