package remoting.interop.client;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.rocketmq.remoting.protocol.RemotingCommand;
import org.apache.rocketmq.remoting.protocol.SerializeType;
import remoting.interop.Cases;
import remoting.interop.Contract;
import remoting.interop.Expect;

/** The answers that the remoting layer itself gives. */
record AnswerCases(Peer peer) {
    private static final int SYSTEM_ERROR = 1;
    private static final int SYSTEM_BUSY = 2;
    private static final int REQUEST_CODE_NOT_SUPPORTED = 3;

    void run(Cases cases) {
        for (SerializeType type : SerializeType.values()) {
            cases.run("unsupported-code" + Requests.suffix(type), () ->
                Expect.answer(REQUEST_CODE_NOT_SUPPORTED, " request type " + Contract.UNSUPPORTED + " not supported",
                    peer.sync(Requests.of(Contract.UNSUPPORTED, type))));
            cases.run("reject" + Requests.suffix(type), () ->
                Expect.answer(SYSTEM_BUSY, Contract.REJECT_REMARK, peer.sync(Requests.of(Contract.REJECTED, type))));
            cases.run("overload" + Requests.suffix(type), () -> overload(type));
            cases.run("processor-fails" + Requests.suffix(type), () -> {
                RemotingCommand response = peer.sync(Requests.of(Contract.FAIL, type));
                Expect.answer(SYSTEM_ERROR, response);
                Expect.contains("remark", Contract.FAILURE, response.getRemark());
            });
        }
    }

    /**
     * One runs, one waits: of eight at once, two succeed and the others are told that the server is overloaded. Java serves only one if
     * its idle thread is slow to take it out of the queue.
     */
    private void overload(SerializeType type) throws Exception {
        List<CompletableFuture<RemotingCommand>> calls = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            calls.add(peer.async(Requests.of(Contract.NARROW, type)));
        }
        int served = 0;
        for (var call : calls) {
            RemotingCommand response = call.get(10, TimeUnit.SECONDS);
            if (response.getCode() == 0) {
                served++;
            } else {
                Expect.answer(SYSTEM_BUSY, Contract.OVERLOAD_REMARK, response);
            }
        }
        Expect.isTrue("requests served of eight: expected 1 or 2, got " + served, served == 1 || served == 2);
    }
}
