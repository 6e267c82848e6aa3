package remoting.interop.client;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.apache.rocketmq.remoting.exception.RemotingException;
import org.apache.rocketmq.remoting.protocol.RemotingCommand;
import org.apache.rocketmq.remoting.protocol.SerializeType;
import remoting.interop.Cases;
import remoting.interop.Contract;
import remoting.interop.Expect;
import remoting.interop.Sha256;

/** Bodies of all sizes, checked by digest on both sides. */
record BodyCases(Peer peer) {
    private static final int MIXED_CALLERS = 40;
    private static final int MIXED_CALLS_EACH = 50;
    private static final Map<String, Integer> SIZES = new LinkedHashMap<>();

    static {
        SIZES.put("0", 0);
        SIZES.put("1", 1);
        SIZES.put("1KiB", 1 << 10);
        SIZES.put("64KiB", 64 << 10);
        SIZES.put("1MiB", 1 << 20);
        SIZES.put("4MiB", 4 << 20);
    }

    void run(Cases cases) {
        for (SerializeType type : SerializeType.values()) {
            SIZES.forEach((name, size) -> cases.run("body-" + name + Requests.suffix(type), () -> digest(type, size)));
        }
        cases.run("bodies-16x1MiB-at-once", this::concurrent);
        cases.run("bodies-2000-mixed", this::mixed);
        cases.run("frame-too-long", this::tooLong);
    }

    /** More than any buffer holds, both ways at once: neither side may wait for the other to read first. */
    private void concurrent() throws Exception {
        List<CompletableFuture<RemotingCommand>> calls = new ArrayList<>();
        List<String> digests = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            byte[] body = new byte[1 << 20];
            new Random(i).nextBytes(body);
            digests.add(Sha256.hex(body));
            RemotingCommand request = Requests.of(Contract.DIGEST);
            request.setBody(body);
            calls.add(peer.async(request, 15_000));
        }
        for (int i = 0; i < 16; i++) {
            RemotingCommand response = Expect.success(calls.get(i).get(15, TimeUnit.SECONDS));
            Expect.equal("digest at the server", digests.get(i), Expect.field(response, "sha256"));
            Expect.equal("digest of the echo", digests.get(i), Sha256.hex(response.getBody()));
        }
    }

    /** Frames of all lengths close behind one another, in both encodings: every way in which reads can cut them. */
    private void mixed() throws Exception {
        ExecutorService callers = Executors.newFixedThreadPool(MIXED_CALLERS);
        try {
            List<Callable<Void>> work = new ArrayList<>();
            for (int i = 0; i < MIXED_CALLERS; i++) {
                int caller = i;
                work.add(() -> {
                    for (int call = 0; call < MIXED_CALLS_EACH; call++) {
                        digest(call % 2 == 0 ? SerializeType.JSON : SerializeType.ROCKETMQ, (caller * 7919 + call * 4001) % 40_000);
                    }
                    return null;
                });
            }
            for (var done : callers.invokeAll(work)) {
                done.get();
            }
        } finally {
            callers.shutdownNow();
        }
    }

    /** Java's encoder has no limit, its decoder has: the server closes the connection, and the next call makes another. */
    private void tooLong() throws Exception {
        RemotingCommand request = Requests.of(Contract.DIGEST);
        request.setBody(new byte[17 << 20]);
        try {
            RemotingCommand response = peer.sync(request, 3000);
            throw new AssertionError("a frame of 17 MiB was answered with code " + response.getCode());
        } catch (RemotingException expected) {
            Expect.success(peer.sync(Requests.of(Contract.ECHO)));
        }
    }

    private void digest(SerializeType type, int size) throws Exception {
        byte[] body = new byte[size];
        new Random(size).nextBytes(body);
        RemotingCommand request = Requests.of(Contract.DIGEST, type);
        request.setBody(body);
        RemotingCommand response = Expect.success(peer.sync(request, 10_000));
        Expect.equal("length at the server", Integer.toString(size), Expect.field(response, "length"));
        Expect.equal("digest at the server", Sha256.hex(body), Expect.field(response, "sha256"));
        Expect.equal("digest of the echo", Sha256.hex(body), Sha256.hex(response.getBody()));
    }
}
