package remoting.interop.product;

import java.util.concurrent.Callable;
import remoting.interop.Cases;

/** Waits for what another process does. */
final class Await {
    private static final long LIMIT_MILLIS = 45_000;
    private static final long PAUSE_MILLIS = 50;

    private Await() {
    }

    /** Asks until the answer is true. An exception counts as false; the last one is part of the failure. */
    static void until(String what, Callable<Boolean> condition) throws InterruptedException {
        long end = System.currentTimeMillis() + LIMIT_MILLIS;
        Exception last = null;
        while (System.currentTimeMillis() < end) {
            try {
                if (condition.call()) {
                    return;
                }
                last = null;
            } catch (InterruptedException e) {
                throw e;
            } catch (Exception e) {
                last = e;
            }
            Thread.sleep(PAUSE_MILLIS);
        }
        String why = last == null ? "" : ": " + Cases.describe(last);
        throw new AssertionError("after " + LIMIT_MILLIS / 1000 + " s not: " + what + why);
    }
}
