package remoting.interop.product;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import remoting.interop.Cases;
import remoting.interop.Lines;
import remoting.interop.Watchdog;

/**
 * An official client that sends all the time. Takes the arguments of {@link ProductDriver}, with two name servers, and these lines:
 *
 * <pre>
 * START   creates a topic and sends to it, until the end
 * CHECK   fails if a message could not be sent; creates another topic and sends to it
 * </pre>
 */
public final class SendingDriver {
    private static final long PAUSE_MILLIS = 20;

    private final Cell cell;
    private final AtomicInteger sent = new AtomicInteger();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();

    private SendingDriver(Cell cell) {
        this.cell = cell;
    }

    public static void main(String[] args) throws Exception {
        Watchdog.start(180);
        Map<String, String> options = new HashMap<>();
        for (int i = 0; i + 1 < args.length; i += 2) {
            options.put(args[i], args[i + 1]);
        }
        Lines.serve(new SendingDriver(new Cell(options))::answer);
    }

    private String answer(String[] words) throws Exception {
        switch (words[0]) {
            case "START":
                return start();
            case "CHECK":
                return check();
            default:
                throw new IllegalArgumentException(words[0]);
        }
    }

    private String start() throws Exception {
        String topic = cell.topic("sending");
        cell.producer.send(Cell.message(topic, "first"));
        var sender = new Thread(() -> send(topic), "sender");
        sender.setDaemon(true);
        sender.start();
        return "";
    }

    private void send(String topic) {
        try {
            while (true) {
                cell.producer.send(Cell.message(topic, "next"));
                sent.incrementAndGet();
                Thread.sleep(PAUSE_MILLIS);
            }
        } catch (Exception e) {
            failure.set(e);
        }
    }

    private String check() throws Exception {
        int before = sent.get();
        String topic = cell.topic("later");
        // The first question after the stop may still go to the name server that is gone.
        Await.until("a message of a new topic", () -> {
            cell.producer.send(Cell.message(topic, "later"));
            return cell.readBodies(topic, 1).contains("later");
        });
        Await.until("more messages sent", () -> sent.get() > before || failure.get() != null);
        if (failure.get() != null) {
            throw new IllegalStateException("a message was not sent: " + Cases.describe(failure.get()));
        }
        return sent + " messages";
    }
}
