package remoting.interop.tls;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.apache.rocketmq.remoting.netty.NettyClientConfig;
import org.apache.rocketmq.remoting.netty.NettyRemotingClient;
import org.apache.rocketmq.remoting.netty.TlsSystemConfig;
import org.apache.rocketmq.remoting.protocol.RemotingCommand;
import remoting.interop.Contract;
import remoting.interop.Lines;
import remoting.interop.RocketMq;
import remoting.interop.Watchdog;

/**
 * Real {@code NettyRemotingClient}s, each with a TLS configuration of its own.
 *
 * <pre>
 * OPEN NAME tls|plain FILE   a client, configured by this tls.properties file
 * CALL NAME ADDRESS          an echo of 100 000 bytes, over the client's connection if it has one
 * </pre>
 */
public final class TlsClientDriver {
    private static final long TIMEOUT_MILLIS = 5000;
    private static final byte[] BODY = "over many records ".repeat(5556).getBytes(StandardCharsets.UTF_8);

    private final Map<String, NettyRemotingClient> clients = new HashMap<>();

    private TlsClientDriver() {
    }

    public static void main(String[] args) throws IOException {
        Watchdog.start(180);
        RocketMq.announceVersion();
        Lines.serve(new TlsClientDriver()::answer);
    }

    private String answer(String[] words) throws Exception {
        switch (words[0]) {
            case "OPEN":
                open(words[1], words[2].equals("tls"), words[3]);
                return "";
            case "CALL":
                call(clients.get(words[1]), words[2]);
                return "";
            default:
                throw new IllegalArgumentException(words[0]);
        }
    }

    /** A client that had this name before is left alone: its shutdown takes three seconds on 5.x, and the process ends soon. */
    private void open(String name, boolean tls, String file) {
        TlsSystemConfig.tlsConfigFile = file;
        var config = new NettyClientConfig();
        config.setUseTLS(tls);
        var client = new NettyRemotingClient(config);
        client.start();
        clients.put(name, client);
    }

    private static void call(NettyRemotingClient client, String address) throws Exception {
        RemotingCommand request = RemotingCommand.createRequestCommand(Contract.ECHO, null);
        request.setBody(BODY);
        RemotingCommand response = client.invokeSync(address, request, TIMEOUT_MILLIS);
        if (response.getCode() != 0 || !Arrays.equals(BODY, response.getBody())) {
            throw new IllegalStateException("not an echo: " + response);
        }
    }
}
