package remoting.interop.client;

import java.util.Random;
import org.apache.rocketmq.remoting.protocol.RemotingCommand;
import org.apache.rocketmq.remoting.protocol.SerializeType;
import remoting.interop.Contract;
import remoting.interop.Sha256;

/** The server calls its client back over the client's own channel. */
record PushCases(Peer peer) {
    void run(Cases cases) {
        for (SerializeType type : SerializeType.values()) {
            cases.run("push" + Requests.suffix(type), () -> {
                byte[] body = new byte[70_000];
                new Random(7).nextBytes(body);
                RemotingCommand request = Requests.with(Contract.PUSH, type, "k", "v");
                request.setBody(body);
                RemotingCommand response = Expect.success(peer.sync(request));
                Expect.equal("remark of the client's answer", "pushed", response.getRemark());
                Expect.equal("ext by", "client", Expect.field(response, "by"));
                Expect.equal("ext k", "v", Expect.field(response, "k"));
                Expect.equal("digest of the echo", Sha256.hex(body), Sha256.hex(response.getBody()));
            });
            cases.run("push-oneway" + Requests.suffix(type), () -> {
                int before = peer.notified.get();
                Expect.success(peer.sync(Requests.with(Contract.PUSH_ONEWAY, type, "count", "5")));
                for (int i = 0; i < 100 && peer.notified.get() < before + 5; i++) {
                    Thread.sleep(20);
                }
                Expect.equal("one-way pushes that arrived", 5, peer.notified.get() - before);
            });
        }
        cases.run("push-unsupported", () -> {
            RemotingCommand response = Expect.success(peer.sync(Requests.of(Contract.PUSH_UNSUPPORTED)));
            Expect.equal("code that the client answered", "3", Expect.field(response, "code"));
            Expect.equal("remark that the client answered", " request type " + Contract.UNSUPPORTED + " not supported",
                Expect.field(response, "remark"));
        });
    }
}
