package remoting.interop;

import java.io.IOException;

/** Ends this process if its time is over or whoever started it is gone: a driver never outlives its suite. */
public final class Watchdog {
    private Watchdog() {
    }

    public static void start(long seconds) {
        daemon("watchdog-time", () -> {
            Thread.sleep(seconds * 1000);
            System.err.println("out of time after " + seconds + " s");
            Runtime.getRuntime().halt(4);
        });
    }

    /** Exits when standard input ends, which it does when the starter closes it or dies. */
    public static void exitWithStandardInput() {
        daemon("watchdog-stdin", () -> {
            while (System.in.read() != -1) {
                // Input carries no meaning but its end.
            }
            Runtime.getRuntime().halt(0);
        });
    }

    private interface Body {
        void run() throws InterruptedException, IOException;
    }

    private static void daemon(String name, Body body) {
        var thread = new Thread(() -> {
            try {
                body.run();
            } catch (InterruptedException | IOException e) {
                Runtime.getRuntime().halt(4);
            }
        }, name);
        thread.setDaemon(true);
        thread.start();
    }
}
