package remoting.interop.server;

import io.netty.channel.ChannelHandlerContext;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.rocketmq.remoting.netty.NettyRemotingServer;
import org.apache.rocketmq.remoting.netty.NettyRequestProcessor;
import org.apache.rocketmq.remoting.netty.NettyServerConfig;
import org.apache.rocketmq.remoting.protocol.RemotingCommand;
import remoting.interop.Contract;
import remoting.interop.InteropHeader;
import remoting.interop.NumberedBody;
import remoting.interop.RocketMq;
import remoting.interop.Seen;
import remoting.interop.Sha256;

/** One {@code NettyRemotingServer} with a processor for every code of the contract. */
final class InteropServer {
    private final String name;
    private final NettyRemotingServer server;
    private final EventCounter events = new EventCounter();
    private final ConcurrentHashMap<String, AtomicLong> counters = new ConcurrentHashMap<>();
    private final ExecutorService pool = Executors.newFixedThreadPool(8);
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();

    InteropServer(String name, NettyServerConfig config) {
        this.name = name;
        this.server = new NettyRemotingServer(config, events);
        server.registerRPCHook(new ServerHook());
        serve(Contract.ECHO, (ctx, request) -> Answers.echo(request));
        serve(Contract.HOOKED, (ctx, request) -> Answers.echo(request));
        serve(Contract.POP_MESSAGE, (ctx, request) -> Answers.echo(request));
        serve(Contract.SIGNED, (ctx, request) -> SignatureCheck.refusal(request).orElseGet(() -> Answers.echo(request)));
        serve(Contract.SEEN, (ctx, request) -> Answers.text(Seen.describe(request)));
        serve(Contract.DIGEST, (ctx, request) -> {
            byte[] body = request.getBody();
            RemotingCommand response = Answers.success();
            response.setBody(body);
            response.addExtField("length", Integer.toString(body == null ? 0 : body.length));
            response.addExtField("sha256", Sha256.hex(body));
            return response;
        });
        serve(Contract.COUNT, (ctx, request) -> {
            counter(request).incrementAndGet();
            return null;
        });
        serve(Contract.COUNTED, (ctx, request) -> Answers.with("count", counter(request).toString()));
        serve(Contract.SLEEP, (ctx, request) -> {
            Thread.sleep(Long.parseLong(request.getExtFields().get("millis")));
            return Answers.success();
        });
        serve(Contract.LATER, (ctx, request) -> {
            RemotingCommand response = Answers.success();
            response.setOpaque(request.getOpaque());
            response.markResponseType();
            long millis = Long.parseLong(request.getExtFields().get("millis"));
            timer.schedule(() -> ctx.channel().writeAndFlush(response), millis, TimeUnit.MILLISECONDS);
            return null;
        });
        serve(Contract.HANG_UP, (ctx, request) -> {
            ctx.channel().close();
            return null;
        });
        serve(Contract.FAIL, (ctx, request) -> {
            throw new IllegalStateException(Contract.FAILURE);
        });
        serve(Contract.TYPED, (ctx, request) -> {
            var asked = (InteropHeader) request.decodeCommandCustomHeader(InteropHeader.class);
            RemotingCommand response = RemotingCommand.createResponseCommand(0, null, InteropHeader.class);
            asked.answer((InteropHeader) response.readCustomHeader());
            return response;
        });
        serve(Contract.BODY, (ctx, request) -> {
            RemotingCommand response = Answers.success();
            response.setBody(NumberedBody.decode(request.getBody(), NumberedBody.class).oneHigher().encode());
            return response;
        });
        serve(Contract.WHO, (ctx, request) -> {
            RemotingCommand response = Answers.with("server", name);
            response.addExtField("peer", ctx.channel().remoteAddress().toString());
            response.addExtField("aborts", Boolean.toString(RocketMq.abort(0, "").isPresent()));
            response.addExtField("drains", Boolean.toString(RocketMq.knowsGoAway()));
            return response;
        });
        serve(Contract.EVENTS, (ctx, request) -> events.answer());
        serve(Contract.DRAIN, (ctx, request) -> {
            new Thread(server::shutdown, "drain").start();
            return Answers.success();
        });
        new Pushes(server).serve(this::serve);
        register(Contract.REJECTED, true, (ctx, request) -> Answers.success(), pool);
        register(Contract.NARROW, false, (ctx, request) -> {
            Thread.sleep(Contract.NARROW_MILLIS);
            return Answers.success();
        }, new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(1)));
    }

    /** Starts listening; returns the port. */
    int start() {
        server.start();
        return server.localListenPort();
    }

    /** A processor as a lambda: {@code NettyRequestProcessor} has two methods. */
    interface Body {
        RemotingCommand process(ChannelHandlerContext ctx, RemotingCommand request) throws Exception;
    }

    private void serve(int code, Body body) {
        register(code, false, body, pool);
    }

    private void register(int code, boolean reject, Body body, ExecutorService executor) {
        server.registerProcessor(code, processor(reject, body), executor);
    }

    static NettyRequestProcessor processor(boolean reject, Body body) {
        return new NettyRequestProcessor() {
            @Override
            public RemotingCommand processRequest(ChannelHandlerContext ctx, RemotingCommand request) throws Exception {
                return body.process(ctx, request);
            }

            @Override
            public boolean rejectRequest() {
                return reject;
            }
        };
    }

    private AtomicLong counter(RemotingCommand request) {
        return counters.computeIfAbsent(request.getExtFields().get("key"), key -> new AtomicLong());
    }
}
