package remoting.interop.client;

import org.apache.rocketmq.remoting.RPCHook;
import org.apache.rocketmq.remoting.protocol.RemotingCommand;
import org.apache.rocketmq.remoting.protocol.SerializeType;
import remoting.interop.Cases;
import remoting.interop.Contract;
import remoting.interop.Expect;

/** Hooks before and after, on both sides, and what becomes of a request that a hook refuses. */
record HookCases(Peer peer) {
    private static final int SYSTEM_ERROR = 1;

    void run(Cases cases) {
        peer.hook(new ClientHook());
        for (SerializeType type : SerializeType.values()) {
            cases.run("hooks" + Requests.suffix(type), () -> {
                RemotingCommand response = Expect.success(peer.sync(Requests.with(Contract.HOOKED, type, "k", "v")));
                for (String mark : new String[] {"client-before", "server-before", "server-after", "client-after"}) {
                    Expect.equal("mark of hook " + mark, "1", Expect.field(response, mark));
                }
            });
            cases.run("hook-aborts" + Requests.suffix(type), () -> {
                RemotingCommand who = Expect.success(peer.sync(Requests.of(Contract.WHO)));
                if (Expect.field(who, "aborts").equals("false")) {
                    throw new Cases.NotApplicable("4.9 has no AbortProcessException");
                }
                Expect.answer(Contract.DENIED_CODE, Contract.DENIED, peer.sync(Requests.with(Contract.HOOKED, type, "abort", "1")));
            });
            cases.run("hook-fails" + Requests.suffix(type), () -> {
                RemotingCommand response = peer.sync(Requests.with(Contract.HOOKED, type, "break", "1"));
                Expect.answer(SYSTEM_ERROR, response);
                Expect.contains("remark", Contract.HOOK_FAILURE, response.getRemark());
            });
        }
        cases.run("client-hook-aborts", () -> {
            try {
                peer.sync(Requests.with(Contract.HOOKED, SerializeType.JSON, "client-abort", "1"));
                throw new AssertionError("a call that the client's hook refused was answered");
            } catch (IllegalStateException expected) {
                Expect.equal("error", Contract.DENIED, expected.getMessage());
            }
        });
    }

    private static final class ClientHook implements RPCHook {
        @Override
        public void doBeforeRequest(String address, RemotingCommand request) {
            if (request.getCode() == Contract.HOOKED) {
                if (request.getExtFields().containsKey("client-abort")) {
                    throw new IllegalStateException(Contract.DENIED);
                }
                request.addExtField("client-before", "1");
            }
        }

        @Override
        public void doAfterResponse(String address, RemotingCommand request, RemotingCommand response) {
            if (request.getCode() == Contract.HOOKED && response != null) {
                response.addExtField("client-after", "1");
            }
        }
    }
}
