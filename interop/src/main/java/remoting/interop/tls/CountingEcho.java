package remoting.interop.tls;

import io.netty.channel.ChannelHandlerContext;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.rocketmq.remoting.netty.NettyRequestProcessor;
import org.apache.rocketmq.remoting.protocol.RemotingCommand;

/** Answers with the request's body and counts. */
record CountingEcho(AtomicInteger executed) implements NettyRequestProcessor {
    @Override
    public RemotingCommand processRequest(ChannelHandlerContext ctx, RemotingCommand request) {
        executed.incrementAndGet();
        RemotingCommand response = RemotingCommand.createResponseCommand(0, null);
        response.setBody(request.getBody());
        return response;
    }

    @Override
    public boolean rejectRequest() {
        return false;
    }
}
