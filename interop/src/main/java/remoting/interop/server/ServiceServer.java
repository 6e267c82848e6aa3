package remoting.interop.server;

import com.google.protobuf.DynamicMessage;
import io.netty.channel.ChannelHandlerContext;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.rocketmq.remoting.netty.NettyRemotingServer;
import org.apache.rocketmq.remoting.netty.NettyServerConfig;
import org.apache.rocketmq.remoting.protocol.RemotingCommand;
import remoting.interop.RocketMq;
import remoting.interop.ServiceMessages;

/** The services of {@code examples/greeter} as plain processors, with bodies of protobuf-java. */
final class ServiceServer {
    private static final int INVALID_PARAMETER = 29;
    private static final long CALL_MILLIS = 3_000;

    private final NettyRemotingServer server;
    private final ServiceMessages messages;
    private final List<DynamicMessage> notes = new CopyOnWriteArrayList<>();
    private final ExecutorService pool = Executors.newFixedThreadPool(4);

    ServiceServer(ServiceMessages messages) {
        this.messages = messages;
        var config = new NettyServerConfig();
        config.setListenPort(0);
        RocketMq.set(config, "setBindAddress", String.class, "127.0.0.1");
        server = new NettyRemotingServer(config);
        serve(ServiceMessages.SAY_HELLO, this::sayHello);
        serve(ServiceMessages.TAKE_NOTE, (ctx, request) -> {
            notes.add(messages.decode("Note", request.getBody()));
            return null;
        });
        serve(ServiceMessages.LIST_NOTES, (ctx, request) -> message("Notes", "notes", notes));
        serve(ServiceMessages.WELCOME, (ctx, request) -> {
            RemotingCommand question = RemotingCommand.createRequestCommand(ServiceMessages.WHO_ARE_YOU, null);
            RemotingCommand visitor = server.invokeSync(ctx.channel(), question, CALL_MILLIS);
            Object name = ServiceMessages.field(messages.decode("VisitorName", visitor.getBody()), "name");
            return message("HelloReply", "message", "Welcome, " + name + "!");
        });
    }

    /** Starts listening; returns the port. */
    int start() {
        server.start();
        return server.localListenPort();
    }

    private RemotingCommand sayHello(ChannelHandlerContext ctx, RemotingCommand request) throws Exception {
        String name = (String) ServiceMessages.field(messages.decode("HelloRequest", request.getBody()), "name");
        if (name.isEmpty()) {
            return RemotingCommand.createResponseCommand(INVALID_PARAMETER, "the request has no name");
        }
        var fields = request.getExtFields();
        String greeting = fields == null ? "Hello" : fields.getOrDefault("greeting", "Hello");
        RemotingCommand response = message("HelloReply", "message", greeting + ", " + name + "!");
        if (fields != null && fields.containsKey("grpc-timeout")) {
            response.addExtField("time", fields.get("grpc-timeout"));
        }
        return response;
    }

    private RemotingCommand message(String type, String field, Object value) {
        RemotingCommand response = Answers.success();
        response.setBody(messages.encode(type, field, value));
        return response;
    }

    private void serve(int code, InteropServer.Body body) {
        server.registerProcessor(code, InteropServer.processor(false, body), pool);
    }
}
