package remoting.interop.server;

import org.apache.rocketmq.remoting.RPCHook;
import org.apache.rocketmq.remoting.protocol.RemotingCommand;
import remoting.interop.Contract;
import remoting.interop.RocketMq;

/** Marks requests and responses of {@link Contract#HOOKED}, ends some and fails at others. */
final class ServerHook implements RPCHook {
    @Override
    public void doBeforeRequest(String address, RemotingCommand request) {
        if (request.getCode() != Contract.HOOKED) {
            return;
        }
        if (request.getExtFields().containsKey("abort")) {
            throw RocketMq.abort(Contract.DENIED_CODE, Contract.DENIED).orElseThrow();
        }
        if (request.getExtFields().containsKey("break")) {
            throw new IllegalStateException(Contract.HOOK_FAILURE);
        }
        request.addExtField("server-before", "1");
    }

    @Override
    public void doAfterResponse(String address, RemotingCommand request, RemotingCommand response) {
        if (request.getCode() == Contract.HOOKED && response != null) {
            response.addExtField("server-after", "1");
        }
    }
}
