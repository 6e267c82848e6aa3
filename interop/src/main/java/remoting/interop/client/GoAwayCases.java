package remoting.interop.client;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.rocketmq.remoting.exception.RemotingSendRequestException;
import org.apache.rocketmq.remoting.netty.NettyClientConfig;
import org.apache.rocketmq.remoting.protocol.RemotingCommand;
import org.apache.rocketmq.remoting.protocol.SerializeType;
import remoting.interop.Cases;
import remoting.interop.Contract;
import remoting.interop.Expect;
import remoting.interop.RocketMq;

/** A server that drains: whom it still serves, what it tells the others, and how they move on. */
final class GoAwayCases {
    private final String drain;
    private final String forward;
    /** Each on a channel of its own: a client closes the channel on which it was told to go away. */
    private RawConnection raw;
    private Peer staying;
    private Peer reconnecting;
    private Peer busy;
    private CompletableFuture<RemotingCommand> inFlight;

    GoAwayCases(String drain, String forward) {
        this.drain = drain;
        this.forward = forward;
    }

    void run(Cases cases) {
        cases.run("go-away-answer", () -> {
            begin();
            RemotingCommand request = Requests.of(Contract.WHO);
            request.setVersion(Contract.LAST_VERSION_WITHOUT_GO_AWAY + 1);
            Expect.answer(Contract.GO_AWAY, Contract.GO_AWAY_REMARK, raw.call(request));
        });
        cases.run("go-away-old-version", () -> {
            begin();
            RemotingCommand request = Requests.of(Contract.WHO);
            request.setVersion(Contract.LAST_VERSION_WITHOUT_GO_AWAY);
            Expect.equal("server", "drain", Expect.field(Expect.success(raw.call(request)), "server"));
        });
        cases.run("go-away-error", () -> {
            begin();
            needsClientThatUnderstands();
            try {
                Expect.answer(-1, staying.sync(Requests.of(Contract.WHO)));
            } catch (RemotingSendRequestException expected) {
                Expect.contains("cause of the error", "Receive GO_AWAY", Cases.describe(expected));
            }
        });
        cases.run("go-away-reconnect", () -> {
            begin();
            needsClientThatUnderstands();
            Expect.equal("server", "main", Expect.field(Expect.success(reconnecting.sync(Requests.of(Contract.WHO))), "server"));
        });
        cases.run("go-away-in-flight", () -> {
            begin();
            Expect.success(inFlight.get(10, TimeUnit.SECONDS));
        });
    }

    /** Connects the clients, leaves a call in flight and tells the server to drain; once. */
    private void begin() throws Exception {
        if (inFlight != null) {
            return;
        }
        raw = new RawConnection(drain);
        if (Expect.field(Expect.success(raw.call(Requests.of(Contract.WHO))), "drains").equals("false")) {
            throw new Cases.NotApplicable("a 4.9 server knows no GO_AWAY");
        }
        var stay = new NettyClientConfig();
        RocketMq.set(stay, "setEnableReconnectForGoAway", boolean.class, false);
        staying = new Peer(drain, stay);
        reconnecting = new Peer(forward);
        busy = new Peer(drain);
        Expect.equal("server behind the forwarder", "drain",
            Expect.field(Expect.success(reconnecting.sync(Requests.of(Contract.WHO))), "server"));
        Expect.success(staying.sync(Requests.of(Contract.WHO)));
        Expect.success(busy.sync(Requests.of(Contract.WHO)));
        inFlight = busy.async(Requests.with(Contract.SLEEP, SerializeType.JSON, "millis", "2500"), 10_000);
        Thread.sleep(200);
        Expect.success(staying.sync(Requests.of(Contract.DRAIN)));
        Thread.sleep(300);
    }

    private static void needsClientThatUnderstands() {
        if (!RocketMq.knowsGoAway()) {
            throw new Cases.NotApplicable("a 4.9 client is never told to go away");
        }
    }
}
