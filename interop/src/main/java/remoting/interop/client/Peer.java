package remoting.interop.client;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.apache.rocketmq.remoting.InvokeCallback;
import org.apache.rocketmq.remoting.RPCHook;
import org.apache.rocketmq.remoting.netty.NettyClientConfig;
import org.apache.rocketmq.remoting.netty.NettyRemotingClient;
import org.apache.rocketmq.remoting.netty.ResponseFuture;
import org.apache.rocketmq.remoting.protocol.RemotingCommand;
import remoting.interop.RocketMq;

/** A started client and the one address that it calls. */
final class Peer {
    static final long TIMEOUT_MILLIS = 5000;
    private static final boolean CALLBACKS_ARE_SPLIT = RocketMq.callbacksTellSuccessFromFailure();

    final EventLog events = new EventLog();
    final AtomicInteger notified = new AtomicInteger();
    final String address;
    private final NettyRemotingClient client;

    Peer(String address) {
        this(address, new NettyClientConfig());
    }

    Peer(String address, NettyClientConfig config) {
        this.address = address;
        this.client = new NettyRemotingClient(config, events);
        ClientProcessors.register(client, notified);
        client.start();
    }

    void hook(RPCHook hook) {
        client.registerRPCHook(hook);
    }

    void serve(int code, Function<RemotingCommand, RemotingCommand> body) {
        ClientProcessors.register(client, code, body);
    }

    RemotingCommand sync(RemotingCommand request) throws Exception {
        return sync(request, TIMEOUT_MILLIS);
    }

    RemotingCommand sync(RemotingCommand request, long timeoutMillis) throws Exception {
        return client.invokeSync(address, request, timeoutMillis);
    }

    void oneway(RemotingCommand request) throws Exception {
        client.invokeOneway(address, request, TIMEOUT_MILLIS);
    }

    CompletableFuture<RemotingCommand> async(RemotingCommand request) throws Exception {
        return async(request, TIMEOUT_MILLIS);
    }

    CompletableFuture<RemotingCommand> async(RemotingCommand request, long timeoutMillis) throws Exception {
        var outcome = new CompletableFuture<RemotingCommand>();
        client.invokeAsync(address, request, timeoutMillis, new Completion(outcome));
        return outcome;
    }

    private record Completion(CompletableFuture<RemotingCommand> outcome) implements InvokeCallback {
        @Override
        public void operationComplete(ResponseFuture future) {
            if (CALLBACKS_ARE_SPLIT) {
                return;
            }
            if (future.getResponseCommand() != null) {
                outcome.complete(future.getResponseCommand());
            } else {
                outcome.completeExceptionally(new Exception(future.toString(), future.getCause()));
            }
        }

        // Part of the interface since 5.0; no override, so that these compile against 4.9.
        public void operationSucceed(RemotingCommand response) {
            outcome.complete(response);
        }

        public void operationFail(Throwable error) {
            outcome.completeExceptionally(error);
        }
    }
}
