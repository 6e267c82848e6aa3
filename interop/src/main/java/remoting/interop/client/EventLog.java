package remoting.interop.client;

import io.netty.channel.Channel;
import java.util.ArrayList;
import java.util.List;
import org.apache.rocketmq.remoting.ChannelEventListener;

/** The connection events that a client reported, in order. */
final class EventLog implements ChannelEventListener {
    private final List<String> events = new ArrayList<>();

    /** Waits until an event was reported; false if it was not within the time. */
    synchronized boolean await(String event, long millis) throws InterruptedException {
        long end = System.nanoTime() + millis * 1_000_000;
        while (!events.contains(event)) {
            long left = (end - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                return false;
            }
            wait(left);
        }
        return true;
    }

    private synchronized void add(String event) {
        events.add(event);
        notifyAll();
    }

    @Override
    public void onChannelConnect(String address, Channel channel) {
        add("CONNECT");
    }

    @Override
    public void onChannelClose(String address, Channel channel) {
        add("CLOSE");
    }

    @Override
    public void onChannelException(String address, Channel channel) {
        add("EXCEPTION");
    }

    @Override
    public void onChannelIdle(String address, Channel channel) {
        add("IDLE");
    }

    // Part of the interface since 5.3; no override, so that it compiles against those before.
    public void onChannelActive(String address, Channel channel) {
        add("ACTIVE");
    }
}
