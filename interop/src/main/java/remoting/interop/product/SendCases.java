package remoting.interop.product;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.rocketmq.client.producer.SendCallback;
import org.apache.rocketmq.client.producer.SendResult;
import org.apache.rocketmq.client.producer.SendStatus;
import org.apache.rocketmq.common.message.Message;
import org.apache.rocketmq.common.message.MessageExt;
import remoting.interop.Cases;
import remoting.interop.Expect;

/** The ways to send. What was sent is pulled and compared. */
record SendCases(Cell cell) {
    private static final int COUNT = 10;

    void run(Cases cases) {
        cases.run("send-sync", this::sync);
        cases.run("send-async", this::async);
        cases.run("send-oneway", this::oneway);
        cases.run("send-batch", this::batch);
        cases.run("send-ordered", this::ordered);
        cases.run("send-delayed", this::delayed);
        cases.run("query-by-key", this::byKey);
    }

    private void sync() throws Exception {
        String topic = cell.topic("sync");
        List<String> bodies = Cell.bodies("sync", COUNT);
        for (String body : bodies) {
            SendResult result = cell.producer.send(Cell.message(topic, body));
            Expect.equal("status", SendStatus.SEND_OK, result.getSendStatus());
            Expect.equal("broker", cell.brokerName, result.getMessageQueue().getBrokerName());
        }
        Expect.equal("messages", bodies, cell.readBodies(topic, COUNT));
    }

    private void async() throws Exception {
        String topic = cell.topic("async");
        List<String> bodies = Cell.bodies("async", COUNT);
        List<CompletableFuture<SendResult>> sent = new ArrayList<>();
        for (String body : bodies) {
            var done = new CompletableFuture<SendResult>();
            sent.add(done);
            cell.producer.send(Cell.message(topic, body), new SendCallback() {
                @Override
                public void onSuccess(SendResult result) {
                    done.complete(result);
                }

                @Override
                public void onException(Throwable error) {
                    done.completeExceptionally(error);
                }
            });
        }
        for (var done : sent) {
            Expect.equal("status", SendStatus.SEND_OK, done.get(15, TimeUnit.SECONDS).getSendStatus());
        }
        Expect.equal("messages", bodies, cell.readBodies(topic, COUNT));
    }

    private void oneway() throws Exception {
        String topic = cell.topic("oneway");
        List<String> bodies = Cell.bodies("oneway", COUNT);
        for (String body : bodies) {
            cell.producer.sendOneway(Cell.message(topic, body));
        }
        Expect.equal("messages", bodies, cell.readBodies(topic, COUNT));
    }

    private void batch() throws Exception {
        String topic = cell.topic("batch");
        List<String> bodies = Cell.bodies("batch", COUNT);
        List<Message> messages = bodies.stream().map(body -> Cell.message(topic, body)).toList();
        Expect.equal("status", SendStatus.SEND_OK, cell.producer.send(messages).getSendStatus());
        Expect.equal("messages", bodies, cell.readBodies(topic, COUNT));
    }

    /** Messages of one order go to one queue, and stay in their order. */
    private void ordered() throws Exception {
        String topic = cell.topic("ordered");
        int orders = 4;
        for (int step = 0; step < COUNT; step++) {
            for (int order = 0; order < orders; order++) {
                cell.producer.send(
                    Cell.message(topic, order + ":" + step),
                    (queues, sent, key) -> queues.get((int) key % queues.size()),
                    order
                );
            }
        }
        Map<String, List<String>> steps = new HashMap<>();
        for (MessageExt message : cell.readAll(topic, orders * COUNT)) {
            String[] parts = Cell.body(message).split(":");
            Expect.equal("queue of order " + parts[0], Integer.parseInt(parts[0]) % Cell.QUEUES, message.getQueueId());
            steps.computeIfAbsent(parts[0], unknown -> new ArrayList<>()).add(parts[1]);
        }
        for (int order = 0; order < orders; order++) {
            Expect.equal("steps of order " + order, List.of("0", "1", "2", "3", "4", "5", "6", "7", "8", "9"), steps.get("" + order));
        }
    }

    /** The first delay level is one second. */
    private void delayed() throws Exception {
        String topic = cell.topic("delayed");
        Message message = Cell.message(topic, "delayed");
        message.setDelayTimeLevel(1);
        cell.producer.send(message);
        MessageExt stored = cell.readAll(topic, 1).get(0);
        long delay = stored.getStoreTimestamp() - stored.getBornTimestamp();
        Expect.isTrue("delivered after " + delay + " ms", delay >= 900);
    }

    private void byKey() throws Exception {
        String topic = cell.topic("keyed");
        String key = cell.unique("key");
        long begin = System.currentTimeMillis() - 60_000;
        cell.producer.send(new Message(topic, "tag", key, "keyed".getBytes()));
        Await.until("a message with key " + key, () -> {
            var found = cell.admin.queryMessage(topic, key, 8, begin, System.currentTimeMillis() + 60_000).getMessageList();
            return found.size() == 1 && Cell.body(found.get(0)).equals("keyed");
        });
    }
}
