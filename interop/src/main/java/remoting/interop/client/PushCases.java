package remoting.interop.client;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.rocketmq.remoting.protocol.RemotingCommand;
import org.apache.rocketmq.remoting.protocol.SerializeType;
import remoting.interop.Cases;
import remoting.interop.Contract;
import remoting.interop.Expect;
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
        cases.run("push-concurrent", this::concurrent);
        cases.run("push-unsupported", () -> {
            RemotingCommand response = pushTo(Contract.UNSUPPORTED);
            Expect.equal("code that the client answered", "3", Expect.field(response, "code"));
            Expect.equal("remark that the client answered", " request type " + Contract.UNSUPPORTED + " not supported",
                Expect.field(response, "remark"));
        });
        cases.run("push-processor-fails", () -> {
            RemotingCommand response = pushTo(Contract.PUSHED_FAIL);
            Expect.equal("code that the client answered", "1", Expect.field(response, "code"));
            Expect.contains("remark that the client answered", Contract.FAILURE, Expect.field(response, "remark"));
        });
    }

    private RemotingCommand pushTo(int target) throws Exception {
        return Expect.success(peer.sync(Requests.with(Contract.PUSH_TO, SerializeType.JSON, "target", Integer.toString(target))));
    }

    /** Calls and calls back cross on one connection: each end has opaques of its own, and they are the same numbers. */
    private void concurrent() throws Exception {
        List<CompletableFuture<RemotingCommand>> calls = new ArrayList<>();
        for (int i = 0; i < 32; i++) {
            calls.add(peer.async(Requests.with(Contract.PUSH, SerializeType.JSON, "number", Integer.toString(i))));
        }
        for (int i = 0; i < 32; i++) {
            RemotingCommand response = Expect.success(calls.get(i).get(10, TimeUnit.SECONDS));
            Expect.equal("ext number", Integer.toString(i), Expect.field(response, "number"));
            Expect.equal("ext by", "client", Expect.field(response, "by"));
        }
    }
}
