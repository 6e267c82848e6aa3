package remoting.interop.tls;

import java.io.IOException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.rocketmq.remoting.common.TlsMode;
import org.apache.rocketmq.remoting.netty.NettyRemotingServer;
import org.apache.rocketmq.remoting.netty.NettyServerConfig;
import org.apache.rocketmq.remoting.netty.TlsSystemConfig;
import remoting.interop.Lines;
import remoting.interop.RocketMq;
import remoting.interop.Watchdog;

/**
 * Real {@code NettyRemotingServer}s with TLS, one after the other: what {@code TlsTest} sets for a server is set between two of them.
 *
 * <pre>
 * START MODE FILE   a server with this tls.server.mode and the rest from this tls.properties file; its port
 * RELOAD            loads its files again, as a broker does when they change
 * COUNT             how many requests it has executed
 * STOP              shuts it down
 * </pre>
 */
public final class TlsServerDriver {
    private final ExecutorService pool = Executors.newFixedThreadPool(2);
    private NettyRemotingServer server;
    private AtomicInteger executed;

    private TlsServerDriver() {
    }

    public static void main(String[] args) throws IOException {
        Watchdog.start(180);
        RocketMq.announceVersion();
        Lines.serve(new TlsServerDriver()::answer);
    }

    private String answer(String[] words) throws Exception {
        switch (words[0]) {
            case "START":
                return Integer.toString(start(words[1], words[2]));
            case "RELOAD":
                server.loadSslContext();
                return "";
            case "COUNT":
                return executed.toString();
            case "STOP":
                server.shutdown();
                return "";
            default:
                throw new IllegalArgumentException(words[0]);
        }
    }

    private int start(String mode, String file) {
        TlsSystemConfig.tlsMode = TlsMode.parse(mode);
        TlsSystemConfig.tlsConfigFile = file;
        var config = new NettyServerConfig();
        config.setListenPort(0);
        RocketMq.set(config, "setBindAddress", String.class, "127.0.0.1");
        executed = new AtomicInteger();
        server = new NettyRemotingServer(config);
        server.registerDefaultProcessor(new CountingEcho(executed), pool);
        server.start();
        return server.localListenPort();
    }
}
