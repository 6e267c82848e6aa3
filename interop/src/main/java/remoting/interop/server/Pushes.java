package remoting.interop.server;

import org.apache.rocketmq.remoting.netty.NettyRemotingServer;
import org.apache.rocketmq.remoting.protocol.RemotingCommand;
import remoting.interop.Contract;

/** Processors that call their caller back over the channel that the request came on. */
final class Pushes {
    private static final long TIMEOUT_MILLIS = 3000;

    private final NettyRemotingServer server;

    Pushes(NettyRemotingServer server) {
        this.server = server;
    }

    interface Registry {
        void serve(int code, InteropServer.Body body);
    }

    void serve(Registry registry) {
        registry.serve(Contract.PUSH, (ctx, request) -> {
            RemotingCommand push = RemotingCommand.createRequestCommand(Contract.PUSHED, null);
            push.setSerializeTypeCurrentRPC(request.getSerializeTypeCurrentRPC());
            push.setExtFields(request.getExtFields());
            push.setBody(request.getBody());
            return Answers.echo(server.invokeSync(ctx.channel(), push, TIMEOUT_MILLIS));
        });
        registry.serve(Contract.PUSH_ONEWAY, (ctx, request) -> {
            int count = Integer.parseInt(request.getExtFields().get("count"));
            for (int i = 0; i < count; i++) {
                RemotingCommand push = RemotingCommand.createRequestCommand(Contract.NOTIFIED, null);
                push.setSerializeTypeCurrentRPC(request.getSerializeTypeCurrentRPC());
                server.invokeOneway(ctx.channel(), push, TIMEOUT_MILLIS);
            }
            return Answers.success();
        });
        registry.serve(Contract.PUSH_TO, (ctx, request) -> {
            int target = Integer.parseInt(request.getExtFields().get("target"));
            RemotingCommand push = RemotingCommand.createRequestCommand(target, null);
            RemotingCommand answer = server.invokeSync(ctx.channel(), push, TIMEOUT_MILLIS);
            RemotingCommand response = Answers.with("code", Integer.toString(answer.getCode()));
            response.addExtField("remark", answer.getRemark());
            return response;
        });
    }
}
