package remoting.interop.bench;

import java.util.HashMap;
import java.util.Map;
import remoting.interop.RocketMq;

/**
 * The Java peer of the benchmark: {@code server}, or {@code client --server ADDR --connections N --window N --body N}.
 * It says and is told what all benchmark programs are; see {@code benches/src/control/mod.rs}.
 *
 * <p>Configuration is the default of the artifact; the header encoding is chosen by {@code -Drocketmq.serialize.type}.
 */
public final class BenchDriver {
    static final int ECHO = 1001;

    private BenchDriver() {
    }

    public static void main(String[] args) throws Exception {
        RocketMq.announceVersion();
        Map<String, String> options = new HashMap<>();
        for (int i = 1; i + 1 < args.length; i += 2) {
            options.put(args[i], args[i + 1]);
        }
        if (args[0].equals("server")) {
            EchoServer.run();
        } else {
            var shape = new Load.Shape(number(options, "--connections"), number(options, "--window"), number(options, "--body"));
            Load.run(options.get("--server"), shape);
        }
        Runtime.getRuntime().halt(0);
    }

    private static int number(Map<String, String> options, String name) {
        return Integer.parseInt(options.get(name));
    }

    static void say(String line) {
        System.out.println(line);
        System.out.flush();
    }
}
