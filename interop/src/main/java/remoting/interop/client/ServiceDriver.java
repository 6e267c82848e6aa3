package remoting.interop.client;

import java.nio.file.Path;
import remoting.interop.Cases;
import remoting.interop.RocketMq;
import remoting.interop.ServiceMessages;
import remoting.interop.Watchdog;

/**
 * Calls the services of {@code examples/greeter} with a plain {@code NettyRemotingClient} and bodies of protobuf-java.
 *
 * <pre>ServiceDriver ADDRESS DESCRIPTORS ONLY</pre>
 *
 * {@code DESCRIPTORS} is a file with the encoded descriptors of the services. Prints {@code CASE name PASS|FAIL|NA reason} for
 * each case whose name contains {@code ONLY}, and exits with 1 if one failed.
 */
public final class ServiceDriver {
    private static final long CASE_SECONDS = 20;

    private ServiceDriver() {
    }

    public static void main(String[] args) throws Exception {
        Watchdog.start(60);
        Watchdog.exitWithStandardInput();
        RocketMq.announceVersion();
        var cases = new Cases(args[2], CASE_SECONDS);
        new ServiceCases(new Peer(args[0]), ServiceMessages.read(Path.of(args[1]))).run(cases);
        System.out.flush();
        System.exit(cases.anyFailed() ? 1 : 0);
    }
}
