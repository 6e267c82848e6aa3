package remoting.interop.client;

import io.netty.channel.ChannelHandlerContext;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.apache.rocketmq.remoting.netty.NettyRemotingClient;
import org.apache.rocketmq.remoting.netty.NettyRequestProcessor;
import org.apache.rocketmq.remoting.protocol.RemotingCommand;
import remoting.interop.Contract;

/** What a client serves to the server it is connected to. */
final class ClientProcessors {
    private static final ExecutorService POOL = Executors.newFixedThreadPool(4, body -> {
        var thread = new Thread(body, "client-processor");
        thread.setDaemon(true);
        return thread;
    });

    private ClientProcessors() {
    }

    static void register(NettyRemotingClient client, AtomicInteger notified) {
        register(client, Contract.PUSHED, request -> {
            RemotingCommand response = RemotingCommand.createResponseCommand(0, "pushed");
            response.setExtFields(request.getExtFields());
            response.addExtField("by", "client");
            response.setBody(request.getBody());
            return response;
        });
        register(client, Contract.NOTIFIED, request -> {
            notified.incrementAndGet();
            return null;
        });
        register(client, Contract.PUSHED_FAIL, request -> {
            throw new IllegalStateException(Contract.FAILURE);
        });
    }

    static void register(NettyRemotingClient client, int code, Function<RemotingCommand, RemotingCommand> body) {
        client.registerProcessor(code, new NettyRequestProcessor() {
            @Override
            public RemotingCommand processRequest(ChannelHandlerContext ctx, RemotingCommand request) {
                return body.apply(request);
            }

            @Override
            public boolean rejectRequest() {
                return false;
            }
        }, POOL);
    }
}
