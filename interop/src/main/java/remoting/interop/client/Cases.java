package remoting.interop.client;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Runs cases one after the other, each within a time of its own, and prints how each ended. */
final class Cases {
    private static final long CASE_SECONDS = 20;

    private final ExecutorService runner = Executors.newCachedThreadPool(body -> {
        var thread = new Thread(body, "case");
        thread.setDaemon(true);
        return thread;
    });
    private final String only;
    private boolean failed;

    Cases(String only) {
        this.only = only;
    }

    interface Body {
        void run() throws Exception;
    }

    /** Thrown by a case that says nothing about this version. */
    static final class NotApplicable extends RuntimeException {
        NotApplicable(String reason) {
            super(reason);
        }
    }

    boolean anyFailed() {
        return failed;
    }

    void run(String name, Body body) {
        if (!name.contains(only)) {
            return;
        }
        Future<?> running = runner.submit(() -> {
            body.run();
            return null;
        });
        try {
            running.get(CASE_SECONDS, TimeUnit.SECONDS);
            print(name, "PASS", "");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof NotApplicable reason) {
                print(name, "NA", reason.getMessage());
            } else {
                fail(name, describe(e.getCause()));
            }
        } catch (TimeoutException e) {
            running.cancel(true);
            fail(name, "not over after " + CASE_SECONDS + " s");
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

    static String describe(Throwable error) {
        var text = new StringBuilder(error instanceof AssertionError ? error.getMessage() : error.toString());
        for (Throwable cause = error.getCause(); cause != null; cause = cause.getCause()) {
            text.append(" <- ").append(cause);
        }
        return text.toString();
    }
}
