package remoting.interop.client;

import io.netty.channel.ChannelHandlerContext;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
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
        client.registerProcessor(Contract.PUSHED, new NettyRequestProcessor() {
            @Override
            public RemotingCommand processRequest(ChannelHandlerContext ctx, RemotingCommand request) {
                RemotingCommand response = RemotingCommand.createResponseCommand(0, "pushed");
                response.setExtFields(request.getExtFields());
                response.addExtField("by", "client");
                response.setBody(request.getBody());
                return response;
            }

            @Override
            public boolean rejectRequest() {
                return false;
            }
        }, POOL);
        client.registerProcessor(Contract.NOTIFIED, new NettyRequestProcessor() {
            @Override
            public RemotingCommand processRequest(ChannelHandlerContext ctx, RemotingCommand request) {
                notified.incrementAndGet();
                return null;
            }

            @Override
            public boolean rejectRequest() {
                return false;
            }
        }, POOL);
    }
}
