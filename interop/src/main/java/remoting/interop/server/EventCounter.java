package remoting.interop.server;

import io.netty.channel.Channel;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.rocketmq.remoting.ChannelEventListener;
import org.apache.rocketmq.remoting.protocol.RemotingCommand;

/** Counts the connection events of one server. */
final class EventCounter implements ChannelEventListener {
    private final AtomicInteger connect = new AtomicInteger();
    private final AtomicInteger close = new AtomicInteger();
    private final AtomicInteger idle = new AtomicInteger();

    RemotingCommand answer() {
        RemotingCommand response = Answers.with("connect", connect.toString());
        response.addExtField("close", close.toString());
        response.addExtField("idle", idle.toString());
        return response;
    }

    @Override
    public void onChannelConnect(String address, Channel channel) {
        connect.incrementAndGet();
    }

    @Override
    public void onChannelClose(String address, Channel channel) {
        close.incrementAndGet();
    }

    @Override
    public void onChannelException(String address, Channel channel) {
    }

    @Override
    public void onChannelIdle(String address, Channel channel) {
        idle.incrementAndGet();
    }

    // Part of the interface since 5.3; no override, so that it compiles against those before.
    public void onChannelActive(String address, Channel channel) {
    }
}
