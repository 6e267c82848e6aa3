package remoting.interop.client;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.rocketmq.acl.common.AclClientRPCHook;
import org.apache.rocketmq.acl.common.SessionCredentials;
import org.apache.rocketmq.remoting.protocol.RemotingCommand;
import org.apache.rocketmq.remoting.protocol.SerializeType;
import remoting.interop.Cases;
import remoting.interop.Contract;
import remoting.interop.Expect;
import remoting.interop.RocketMq;

/** Requests signed by the real {@code AclClientRPCHook}. */
record SignedCases(String address) {
    private static final byte[] BODY = "signed, \u4e16\u754c".getBytes(StandardCharsets.UTF_8);

    void run(Cases cases) {
        for (SerializeType type : SerializeType.values()) {
            cases.run("signed" + Requests.suffix(type), () -> letsIn(key(), request(type)));
            cases.run("signed-with-token" + Requests.suffix(type), () ->
                letsIn(new SessionCredentials(Contract.ACCESS_KEY, Contract.SECRET_KEY, "token"), request(type)));
            // The hook puts the header's fields into the ext fields; over ROCKETMQ they then go out twice.
            cases.run("signed-typed-header" + Requests.suffix(type), () -> {
                var header = RocketMq.header("header.SendMessageRequestHeaderV2", Map.of("a", "PG", "b", "T", "c", "TBW102", "d", 4,
                    "e", 1, "f", 0, "g", 1700000000000L, "h", 0, "i", "KEYS\u0001k\u0002", "m", false)).orElseThrow();
                RemotingCommand request = RemotingCommand.createRequestCommand(Contract.SIGNED, header);
                request.setSerializeTypeCurrentRPC(type);
                letsIn(key(), request);
            });
            cases.run("signed-wrongly" + Requests.suffix(type), () -> Expect.answer(Contract.DENIED_CODE, Contract.WRONG_SIGNATURE,
                signing(new SessionCredentials(Contract.ACCESS_KEY, "another key")).sync(request(type))));
            cases.run("signed-by-nobody" + Requests.suffix(type), () ->
                Expect.answer(Contract.DENIED_CODE, Contract.NO_ACCESS_KEY, new Peer(address).sync(request(type))));
        }
    }

    private static SessionCredentials key() {
        return new SessionCredentials(Contract.ACCESS_KEY, Contract.SECRET_KEY);
    }

    private static RemotingCommand request(SerializeType type) {
        // Keys that UTF-16, in which Java sorts, and UTF-8 put into a different order.
        RemotingCommand request = Requests.with(Contract.SIGNED, type, "topic", "T", "\uff5e", "b", "\ud83d\ude00", "a", "Zz", "9");
        request.setBody(BODY);
        return request;
    }

    private Peer signing(SessionCredentials credentials) {
        var peer = new Peer(address);
        peer.hook(new AclClientRPCHook(credentials));
        return peer;
    }

    private void letsIn(SessionCredentials credentials, RemotingCommand request) throws Exception {
        RemotingCommand response = Expect.success(signing(credentials).sync(request));
        Expect.equal("user seen by the server", Contract.ACCESS_KEY, Expect.field(response, "AccessKey"));
    }
}
