package remoting.interop.server;

import java.nio.file.Path;
import remoting.interop.RocketMq;
import remoting.interop.ServiceMessages;
import remoting.interop.Watchdog;

/**
 * Serves the services of {@code examples/greeter} with a plain {@code NettyRemotingServer}.
 *
 * <pre>ServiceServerDriver DESCRIPTORS</pre>
 *
 * {@code DESCRIPTORS} is a file with the encoded descriptors of the services. Prints {@code READY services=PORT} when it
 * listens, and ends when its standard input does.
 */
public final class ServiceServerDriver {
    private ServiceServerDriver() {
    }

    public static void main(String[] args) throws Exception {
        Watchdog.start(120);
        RocketMq.announceVersion();
        System.out.println("READY services=" + new ServiceServer(ServiceMessages.read(Path.of(args[0]))).start());
        Watchdog.exitWithStandardInput();
    }
}
