package remoting.interop.product;

import java.util.HashMap;
import java.util.Map;
import remoting.interop.Cases;
import remoting.interop.Watchdog;

/**
 * Runs the cases of an official client against an official broker, which it finds through any name server.
 *
 * <pre>
 * ProductDriver --name-server ADDRESS --cluster NAME --broker-name NAME --broker ADDRESS --broker-version VERSION [--only SUBSTRING]
 * </pre>
 *
 * Prints {@code CASE name PASS|FAIL|NA reason} for each and exits with 1 if one failed. No other client may use the broker meanwhile.
 */
public final class ProductDriver {
    private static final long CASE_SECONDS = 60;

    private ProductDriver() {
    }

    public static void main(String[] args) throws Exception {
        Watchdog.start(180);
        Watchdog.exitWithStandardInput();
        Map<String, String> options = new HashMap<>();
        for (int i = 0; i + 1 < args.length; i += 2) {
            options.put(args[i], args[i + 1]);
        }
        // Consumers divide the queues among them more often than each 20 s.
        System.setProperty("rocketmq.client.rebalance.waitInterval", "2000");
        var cell = new Cell(options);
        var cases = new Cases(options.getOrDefault("--only", ""), CASE_SECONDS);

        new AdminCases(cell).run(cases);
        new SendCases(cell).run(cases);
        new ConsumeCases(cell).run(cases);
        new TransactionCases(cell).run(cases);
        new RequestReplyCases(cell).run(cases);
        new CommandCases(cell).run(cases);

        System.out.flush();
        // The clients are not shut down: on 5.x each would take three seconds.
        Runtime.getRuntime().halt(cases.anyFailed() ? 1 : 0);
    }
}
