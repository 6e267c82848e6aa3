package remoting.interop.client;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.rocketmq.remoting.protocol.RemotingCommand;
import org.apache.rocketmq.remoting.protocol.SerializeType;
import remoting.interop.Cases;
import remoting.interop.Contract;
import remoting.interop.Expect;
import remoting.interop.InteropHeader;
import remoting.interop.NumberedBody;
import remoting.interop.RocketMq;

/** Typed headers and JSON bodies, read and written by both sides. */
record TypedCases(Peer peer) {
    void run(Cases cases) {
        for (SerializeType type : SerializeType.values()) {
            cases.run("typed-header" + Requests.suffix(type), () -> {
                RemotingCommand request = RemotingCommand.createRequestCommand(Contract.TYPED, InteropHeader.sample());
                request.setSerializeTypeCurrentRPC(type);
                RemotingCommand response = Expect.success(peer.sync(request));
                var expected = new InteropHeader();
                InteropHeader.sample().answer(expected);
                Expect.equal("answered header", expected.toString(),
                    response.decodeCommandCustomHeader(InteropHeader.class).toString());
            });
            // A header with a fast codec: over ROCKETMQ its fields go out in an order of their own.
            cases.run("typed-header-send-v2" + Requests.suffix(type), () -> {
                var header = RocketMq.header("header.SendMessageRequestHeaderV2", Map.of("a", "PG", "b", "T", "c", "TBW102", "d", 4,
                    "e", 1, "f", 0, "g", 1700000000000L, "h", 0, "i", "KEYS\u0001k\u0002", "m", false)).orElseThrow();
                RemotingCommand request = RemotingCommand.createRequestCommand(Contract.SEEN, header);
                request.setSerializeTypeCurrentRPC(type);
                String seen = new String(Expect.success(peer.sync(request)).getBody(), StandardCharsets.UTF_8);
                Expect.contains("seen by the server",
                    "ext a=PG\next b=T\next c=TBW102\next d=4\next e=1\next f=0\next g=1700000000000\next h=0\n"
                        + "ext i=KEYS\u0001k\u0002\n", seen);
            });
        }
        cases.run("typed-body", () -> {
            RemotingCommand request = Requests.of(Contract.BODY);
            request.setBody(NumberedBody.sample().encode());
            RemotingCommand response = Expect.success(peer.sync(request));
            Expect.equal("answered body", NumberedBody.sample().oneHigher().toString(),
                NumberedBody.decode(response.getBody(), NumberedBody.class).toString());
        });
    }
}
