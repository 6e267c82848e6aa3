package remoting.interop.client;

import org.apache.rocketmq.remoting.netty.NettyClientConfig;
import org.apache.rocketmq.remoting.protocol.RemotingCommand;
import remoting.interop.Cases;
import remoting.interop.Contract;
import remoting.interop.Expect;
import remoting.interop.RocketMq;

/** Whichever side has the shorter patience closes an idle channel; the next call opens another. */
record IdleCases(String main, String idle) {
    void run(Cases cases) {
        cases.run("idle-server-closes", () -> {
            var peer = new Peer(idle);
            String first = Expect.field(Expect.success(peer.sync(Requests.of(Contract.WHO))), "peer");
            if (RocketMq.clientsReportThatThePeerClosed()) {
                Expect.isTrue("the client saw no CLOSE within 8 s", peer.events.await("CLOSE", 8000));
            } else {
                Thread.sleep(3000);
            }
            RemotingCommand response = Expect.success(peer.sync(Requests.of(Contract.WHO)));
            String second = Expect.field(response, "peer");
            Expect.isTrue("the second call came over the same connection " + first, !first.equals(second));
            RemotingCommand events = Expect.success(peer.sync(Requests.of(Contract.EVENTS)));
            Expect.isTrue("the server reported no IDLE", Integer.parseInt(Expect.field(events, "idle")) > 0);
        });
        cases.run("idle-client-closes", () -> {
            var impatient = new NettyClientConfig();
            impatient.setClientChannelMaxIdleTimeSeconds(1);
            var peer = new Peer(main, impatient);
            String first = Expect.field(Expect.success(peer.sync(Requests.of(Contract.WHO))), "peer");
            Expect.isTrue("the client reported no IDLE within 8 s", peer.events.await("IDLE", 8000));
            String second = Expect.field(Expect.success(peer.sync(Requests.of(Contract.WHO))), "peer");
            Expect.isTrue("the second call came over the same connection " + first, !first.equals(second));
        });
    }
}
