package remoting.interop.client;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.rocketmq.remoting.exception.RemotingException;
import org.apache.rocketmq.remoting.exception.RemotingTimeoutException;
import org.apache.rocketmq.remoting.protocol.RemotingCommand;
import org.apache.rocketmq.remoting.protocol.SerializeType;
import remoting.interop.Cases;
import remoting.interop.Contract;
import remoting.interop.Expect;
import remoting.interop.RocketMq;

/** The ways to call: sync, async, one-way, many at once, and a call whose answer is late. */
record CallCases(Peer peer) {
    void run(Cases cases) {
        for (SerializeType type : SerializeType.values()) {
            String suffix = Requests.suffix(type);
            cases.run("sync" + suffix, () -> {
                RemotingCommand request = greeting(type, "sync");
                same(request, "sync", peer.sync(request));
            });
            cases.run("async" + suffix, () -> {
                RemotingCommand request = greeting(type, "async");
                same(request, "async", peer.async(request).get(10, TimeUnit.SECONDS));
            });
            cases.run("oneway" + suffix, () -> oneway(type));
            cases.run("concurrent-64" + suffix, () -> concurrent(type));
            cases.run("answered-later" + suffix, () -> answeredLater(type));
        }
        cases.run("timeout", this::timeout);
        cases.run("server-hangs-up", this::hangsUp);
    }

    private static RemotingCommand greeting(SerializeType type, String text) {
        RemotingCommand request = Requests.with(Contract.ECHO, type, "text", text);
        request.setBody(text.getBytes(StandardCharsets.UTF_8));
        return request;
    }

    private static void same(RemotingCommand request, String text, RemotingCommand response) {
        Expect.success(response);
        Expect.equal("opaque", request.getOpaque(), response.getOpaque());
        Expect.equal("flag", 1, response.getFlag());
        Expect.equal("ext text", text, Expect.field(response, "text"));
        Expect.equal("body", text, new String(response.getBody(), StandardCharsets.UTF_8));
    }

    private void oneway(SerializeType type) throws Exception {
        String key = "oneway" + type;
        for (int i = 0; i < 10; i++) {
            peer.oneway(Requests.with(Contract.COUNT, type, "key", key));
        }
        String count = null;
        for (int i = 0; i < 50 && !"10".equals(count); i++) {
            RemotingCommand asked = Requests.with(Contract.COUNTED, type, "key", key);
            count = Expect.field(Expect.success(peer.sync(asked)), "count");
            Thread.sleep(20);
        }
        Expect.equal("one-way requests that arrived", "10", count);
    }

    private void concurrent(SerializeType type) throws Exception {
        List<CompletableFuture<RemotingCommand>> calls = new ArrayList<>();
        List<RemotingCommand> requests = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            requests.add(greeting(type, "call " + i));
            calls.add(peer.async(requests.get(i)));
        }
        for (int i = 0; i < 64; i++) {
            same(requests.get(i), "call " + i, calls.get(i).get(10, TimeUnit.SECONDS));
        }
    }

    /** The answer comes long after the processor has returned; calls made meanwhile do not wait for it. */
    private void answeredLater(SerializeType type) throws Exception {
        RemotingCommand polling = Requests.with(Contract.LATER, type, "millis", "700");
        CompletableFuture<RemotingCommand> poll = peer.async(polling);
        for (int i = 0; i < 5; i++) {
            RemotingCommand request = greeting(type, "meanwhile");
            same(request, "meanwhile", peer.sync(request));
        }
        Expect.isTrue("the poll was over before the calls made meanwhile", !poll.isDone());
        RemotingCommand response = Expect.success(poll.get(10, TimeUnit.SECONDS));
        Expect.equal("opaque", polling.getOpaque(), response.getOpaque());
    }

    /** A call whose channel is closed under it fails then, and not when its time is over. */
    private void hangsUp() throws Exception {
        var cutOff = new Peer(peer.address);
        Expect.success(cutOff.sync(Requests.of(Contract.ECHO)));
        long start = System.nanoTime();
        try {
            cutOff.sync(Requests.of(Contract.HANG_UP), 3000);
            throw new AssertionError("a call that was never answered has an answer");
        } catch (RemotingException expected) {
            long millis = (System.nanoTime() - start) / 1_000_000;
            if (RocketMq.clientsReportThatThePeerClosed()) {
                Expect.isTrue("the call failed after " + millis + " ms, not at once", millis < 2000);
            }
        }
        Expect.success(cutOff.sync(Requests.of(Contract.ECHO)));
    }

    /** On a client of its own: Java closes the channel on which a sync call timed out. */
    private void timeout() throws Exception {
        var impatient = new Peer(peer.address);
        Expect.success(impatient.sync(Requests.of(Contract.ECHO)));
        long start = System.nanoTime();
        try {
            impatient.sync(Requests.with(Contract.SLEEP, SerializeType.JSON, "millis", "1500"), 300);
            throw new AssertionError("a call of 300 ms got the answer of 1500 ms");
        } catch (RemotingTimeoutException expected) {
            long millis = (System.nanoTime() - start) / 1_000_000;
            Expect.isTrue("timed out after " + millis + " ms, not 300", millis >= 250 && millis < 1300);
        }
        // The late answer is on its way meanwhile. Besides, the channel is closed by a thread of its own: a call made at
        // once may still find it, and fails with it.
        Thread.sleep(1500);
        RemotingCommand next = greeting(SerializeType.JSON, "after");
        same(next, "after", impatient.sync(next));
        RemotingCommand last = greeting(SerializeType.JSON, "later");
        same(last, "later", impatient.sync(last));
    }
}
