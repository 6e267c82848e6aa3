package remoting.interop.server;

import org.apache.rocketmq.remoting.netty.NettyServerConfig;
import remoting.interop.RocketMq;
import remoting.interop.Watchdog;

/**
 * Three real {@code NettyRemotingServer}s on ephemeral ports, serving the contract. Prints one line when they listen,
 * {@code READY main=PORT idle=PORT drain=PORT}, and ends when its standard input does.
 */
public final class ServerDriver {
    private ServerDriver() {
    }

    public static void main(String[] args) {
        Watchdog.start(300);
        RocketMq.announceVersion();

        var main = new InteropServer("main", config());

        NettyServerConfig impatient = config();
        impatient.setServerChannelMaxIdleTimeSeconds(1);
        var idle = new InteropServer("idle", impatient);

        NettyServerConfig graceful = config();
        RocketMq.set(graceful, "setEnableShutdownGracefully", boolean.class, true);
        RocketMq.set(graceful, "setShutdownWaitTimeSeconds", int.class, 5);
        var drain = new InteropServer("drain", graceful);

        System.out.println("READY main=" + main.start() + " idle=" + idle.start() + " drain=" + drain.start());
        Watchdog.exitWithStandardInput();
    }

    private static NettyServerConfig config() {
        var config = new NettyServerConfig();
        config.setListenPort(0);
        RocketMq.set(config, "setBindAddress", String.class, "127.0.0.1");
        return config;
    }
}
