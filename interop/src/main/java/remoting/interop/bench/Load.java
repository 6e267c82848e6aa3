package remoting.interop.bench;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.LongAdder;
import org.apache.rocketmq.remoting.InvokeCallback;
import org.apache.rocketmq.remoting.netty.NettyClientConfig;
import org.apache.rocketmq.remoting.netty.NettyRemotingClient;
import org.apache.rocketmq.remoting.netty.ResponseFuture;
import org.apache.rocketmq.remoting.protocol.RemotingCommand;

/** Keeps windows full through {@code invokeAsync}: the callback of an answer sends the next request. */
final class Load {
    record Shape(int connections, int window, int body) {
    }

    private static final long TIMEOUT_MILLIS = 10_000;
    private static final int SAMPLE_EVERY = 16;
    private static final int MANY_IN_FLIGHT = 16;

    private final String server;
    private final Shape shape;
    private final byte[] body;
    private final LongAdder completed = new LongAdder();
    private final Latencies latencies = new Latencies();
    private volatile boolean measuring;
    private volatile boolean over;

    private Load(String server, Shape shape) {
        this.server = server;
        this.shape = shape;
        this.body = new byte[shape.body()];
    }

    static void run(String server, Shape shape) throws Exception {
        List<NettyRemotingClient> clients = new ArrayList<>();
        for (int i = 0; i < shape.connections(); i++) {
            var client = new NettyRemotingClient(new NettyClientConfig());
            client.start();
            // A client has one connection to an address.
            client.invokeSync(server, request(new byte[shape.body()]), TIMEOUT_MILLIS);
            clients.add(client);
        }
        BenchDriver.say("ready");
        var input = new BufferedReader(new InputStreamReader(System.in));
        for (String line = input.readLine(); line != null; line = input.readLine()) {
            String[] words = line.split(" ");
            if (!words[0].equals("time")) {
                throw new IllegalArgumentException("told " + line);
            }
            new Load(server, shape).measure(clients, Long.parseLong(words[1]), Long.parseLong(words[2]));
        }
    }

    private static RemotingCommand request(byte[] body) {
        RemotingCommand request = RemotingCommand.createRequestCommand(BenchDriver.ECHO, null);
        request.setBody(body);
        return request;
    }

    private void measure(List<NettyRemotingClient> clients, long warmUpMillis, long millis) throws Exception {
        var ended = new CountDownLatch(shape.connections() * shape.window());
        for (var client : clients) {
            for (int i = 0; i < shape.window(); i++) {
                new Lane(client, ended).next();
            }
        }
        Thread.sleep(warmUpMillis);
        long started = System.nanoTime();
        measuring = true;
        BenchDriver.say("measuring");
        Thread.sleep(millis);
        double seconds = (System.nanoTime() - started) / 1e9;
        measuring = false;
        over = true;
        BenchDriver.say("measured");
        ended.await();
        BenchDriver.say(String.format(Locale.ROOT,
            "report {\"requests\":%d,\"seconds\":%f,\"p50_ns\":%d,\"p99_ns\":%d,\"p999_ns\":%d}",
            completed.sum(), seconds, latencies.quantile(0.5), latencies.quantile(0.99), latencies.quantile(0.999)));
    }

    /** One of the requests in flight and its successors. */
    private final class Lane implements InvokeCallback {
        private final NettyRemotingClient client;
        private final CountDownLatch ended;
        private final int sampleEvery = shape.connections() * shape.window() < MANY_IN_FLIGHT ? 1 : SAMPLE_EVERY;
        private int untilSample = 1;
        private long started;

        Lane(NettyRemotingClient client, CountDownLatch ended) {
            this.client = client;
            this.ended = ended;
        }

        void next() {
            if (over) {
                ended.countDown();
                return;
            }
            untilSample--;
            if (untilSample == 0) {
                started = System.nanoTime();
            }
            try {
                client.invokeAsync(server, request(body), TIMEOUT_MILLIS, this);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public void operationComplete(ResponseFuture future) {
            if (future.getResponseCommand() == null) {
                System.err.println("a call failed: " + future);
                Runtime.getRuntime().halt(1);
            }
            if (untilSample == 0) {
                untilSample = sampleEvery;
                if (measuring) {
                    latencies.add(System.nanoTime() - started);
                }
            }
            if (measuring) {
                completed.increment();
            }
            next();
        }
    }
}
