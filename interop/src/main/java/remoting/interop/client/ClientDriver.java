package remoting.interop.client;

import java.util.HashMap;
import java.util.Map;
import remoting.interop.Cases;
import remoting.interop.RocketMq;
import remoting.interop.Watchdog;

/**
 * Runs the cases of the interop suite with real {@code NettyRemotingClient}s against any servers that serve the contract.
 *
 * <pre>ClientDriver --main ADDRESS --idle ADDRESS --drain ADDRESS --forward ADDRESS [--only SUBSTRING]</pre>
 *
 * {@code forward} leads to {@code drain} with its first connection and to {@code main} with all later ones. Prints
 * {@code CASE name PASS|FAIL|NA reason} for each and exits with 1 if one failed.
 */
public final class ClientDriver {
    private static final long CASE_SECONDS = 20;

    private ClientDriver() {
    }

    public static void main(String[] args) {
        Watchdog.start(180);
        Watchdog.exitWithStandardInput();
        RocketMq.announceVersion();
        Map<String, String> options = new HashMap<>();
        for (int i = 0; i + 1 < args.length; i += 2) {
            options.put(args[i], args[i + 1]);
        }
        var cases = new Cases(options.getOrDefault("--only", ""), CASE_SECONDS);
        var peer = new Peer(options.get("--main"));

        new CallCases(peer).run(cases);
        new BodyCases(peer).run(cases);
        new FieldCases(peer).run(cases);
        new AnswerCases(peer).run(cases);
        new HookCases(peer).run(cases);
        new SignedCases(options.get("--main")).run(cases);
        new TypedCases(peer).run(cases);
        new PushCases(peer).run(cases);
        new IdleCases(options.get("--main"), options.get("--idle")).run(cases);
        new GoAwayCases(options.get("--drain"), options.get("--forward")).run(cases);

        System.out.flush();
        // The clients are not shut down: on 5.x each would take three seconds.
        System.exit(cases.anyFailed() ? 1 : 0);
    }
}
