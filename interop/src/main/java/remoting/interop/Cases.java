package remoting.interop;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Runs cases one after the other, each within a time of its own, and prints how each ended. */
public final class Cases {
    private final ExecutorService runner = Executors.newCachedThreadPool(body -> {
        var thread = new Thread(body, "case");
        thread.setDaemon(true);
        return thread;
    });
    private final String only;
    private final long seconds;
    private boolean failed;

    /** Runs the cases whose names contain {@code only}, each for at most this many seconds. */
    public Cases(String only, long seconds) {
        this.only = only;
        this.seconds = seconds;
    }

    public interface Body {
        void run() throws Exception;
    }

    /** Thrown by a case that says nothing about this version. */
    public static final class NotApplicable extends RuntimeException {
        public NotApplicable(String reason) {
            super(reason);
        }
    }

    public boolean anyFailed() {
        return failed;
    }

    public void run(String name, Body body) {
        if (!name.contains(only)) {
            return;
        }
        Future<?> running = runner.submit(() -> {
            body.run();
            return null;
        });
        try {
            running.get(seconds, TimeUnit.SECONDS);
            print(name, "PASS", "");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof NotApplicable reason) {
                print(name, "NA", reason.getMessage());
            } else {
                fail(name, describe(e.getCause()));
            }
        } catch (TimeoutException e) {
            running.cancel(true);
            fail(name, "not over after " + seconds + " s");
        } catch (InterruptedException e) {
            fail(name, "interrupted");
        }
    }

    private void fail(String name, String reason) {
        failed = true;
        print(name, "FAIL", reason);
    }

    private static void print(String name, String outcome, String reason) {
        String line = "CASE " + name + " " + outcome + " " + reason;
        System.out.println(line.strip().replace("\r", "\\r").replace("\n", "\\n"));
    }

    public static String describe(Throwable error) {
        var text = new StringBuilder(error instanceof AssertionError ? error.getMessage() : error.toString());
        for (Throwable cause = error.getCause(); cause != null; cause = cause.getCause()) {
            text.append(" <- ").append(cause);
        }
        return text.toString();
    }
}
