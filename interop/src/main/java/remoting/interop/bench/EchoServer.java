package remoting.interop.bench;

import io.netty.channel.ChannelHandlerContext;
import org.apache.rocketmq.remoting.netty.NettyRemotingServer;
import org.apache.rocketmq.remoting.netty.NettyRequestProcessor;
import org.apache.rocketmq.remoting.netty.NettyServerConfig;
import org.apache.rocketmq.remoting.protocol.RemotingCommand;
import remoting.interop.RocketMq;

/** A {@code NettyRemotingServer} that answers each request with its body, on the server's own pool. */
final class EchoServer implements NettyRequestProcessor {
    static void run() throws Exception {
        var config = new NettyServerConfig();
        config.setListenPort(0);
        RocketMq.set(config, "setBindAddress", String.class, "127.0.0.1");
        var server = new NettyRemotingServer(config);
        server.registerProcessor(BenchDriver.ECHO, new EchoServer(), null);
        server.start();
        BenchDriver.say("listening 127.0.0.1:" + server.localListenPort());
        while (System.in.read() != -1) {
            // Input carries no meaning but its end.
        }
    }

    @Override
    public RemotingCommand processRequest(ChannelHandlerContext ctx, RemotingCommand request) {
        RemotingCommand response = RemotingCommand.createResponseCommand(0, null);
        response.setBody(request.getBody());
        return response;
    }

    @Override
    public boolean rejectRequest() {
        return false;
    }
}
