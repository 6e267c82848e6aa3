package remoting.interop.product;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.rocketmq.client.consumer.DefaultLitePullConsumer;
import org.apache.rocketmq.client.consumer.DefaultMQPushConsumer;
import org.apache.rocketmq.client.consumer.listener.ConsumeConcurrentlyStatus;
import org.apache.rocketmq.client.consumer.listener.ConsumeOrderlyStatus;
import org.apache.rocketmq.client.consumer.listener.MessageListenerConcurrently;
import org.apache.rocketmq.client.consumer.listener.MessageListenerOrderly;
import org.apache.rocketmq.common.consumer.ConsumeFromWhere;
import org.apache.rocketmq.common.message.Message;
import org.apache.rocketmq.common.message.MessageExt;
import org.apache.rocketmq.common.message.MessageQueue;
import remoting.interop.Cases;
import remoting.interop.Expect;

/** The ways to consume, and what the administration says of consumers. */
record ConsumeCases(Cell cell) {
    private static final int COUNT = 10;

    void run(Cases cases) {
        cases.run("pull-offsets", this::offsets);
        cases.run("lite-pull", this::litePull);
        cases.run("push", this::push);
        cases.run("push-ordered", this::pushOrdered);
    }

    private void offsets() throws Exception {
        String topic = cell.topic("offsets");
        Cell.sendAll(cell.producer, topic, Cell.bodies("offsets", COUNT));
        Await.until(COUNT + " messages written", () -> cell.written(topic) == COUNT);
        for (MessageQueue queue : cell.reader().fetchSubscribeMessageQueues(topic)) {
            Expect.equal("first offset", 0L, cell.reader().minOffset(queue));
            cell.reader().updateConsumeOffset(queue, 3);
            cell.reader().getOffsetStore().persist(queue);
            Await.until("offset 3 stored for " + queue, () -> cell.reader().fetchConsumeOffset(queue, true) == 3);
        }
    }

    private void litePull() throws Exception {
        if (cell.isBrokerBefore5() && !cell.isClientBefore5()) {
            throw new Cases.NotApplicable("5.x clients pull with code 361 here, which 4.9 brokers do not know");
        }
        String topic = cell.topic("lite");
        List<String> bodies = Cell.bodies("lite", COUNT);
        Cell.sendAll(cell.producer, topic, bodies);
        var consumer = new DefaultLitePullConsumer(cell.unique("lite-group"));
        consumer.setNamesrvAddr(cell.nameServer);
        consumer.setConsumeFromWhere(ConsumeFromWhere.CONSUME_FROM_FIRST_OFFSET);
        consumer.start();
        consumer.assign(consumer.fetchMessageQueues(topic));
        List<String> polled = new ArrayList<>();
        Await.until(COUNT + " messages of " + topic, () -> {
            consumer.poll(500).stream().map(Cell::body).forEach(polled::add);
            return polled.size() >= COUNT;
        });
        Expect.equal("messages", bodies, polled.stream().sorted().toList());
    }

    /** A subscription by tags; then the consumer as the administration sees it. */
    private void push() throws Exception {
        String topic = cell.topic("push");
        String group = cell.unique("push-group");
        var consumed = new ConcurrentLinkedQueue<String>();
        DefaultMQPushConsumer consumer = consumer(group, topic, "a || b");
        consumer.setMessageListener((MessageListenerConcurrently) (messages, context) -> {
            messages.forEach(message -> consumed.add(message.getTags() + Cell.body(message)));
            return ConsumeConcurrentlyStatus.CONSUME_SUCCESS;
        });
        consumer.start();
        List<String> expected = new ArrayList<>();
        for (String tag : List.of("a", "b", "c")) {
            for (int i = 0; i < COUNT; i++) {
                cell.producer.send(new Message(topic, tag, ("" + i).getBytes()));
                if (!tag.equals("c")) {
                    expected.add(tag + i);
                }
            }
        }
        Await.until("consumed " + expected.size(), () -> consumed.size() >= expected.size());
        Expect.equal("messages", expected, consumed.stream().sorted().toList());

        Await.until("one connection of the group", () ->
            cell.admin.examineConsumerConnectionInfo(group).getConnectionSet().size() == 1);
    }

    /** Messages of one queue are consumed one at a time, in the order in which they were sent. */
    private void pushOrdered() throws Exception {
        String topic = cell.topic("push-ordered");
        var consumed = new ConcurrentLinkedQueue<MessageExt>();
        DefaultMQPushConsumer consumer = consumer(cell.unique("ordered-group"), topic, "*");
        consumer.setMessageListener((MessageListenerOrderly) (messages, context) -> {
            consumed.addAll(messages);
            return ConsumeOrderlyStatus.SUCCESS;
        });
        consumer.start();
        Cell.sendAll(cell.producer, topic, Cell.bodies("ordered", 2 * COUNT));
        Await.until("consumed " + 2 * COUNT, () -> consumed.size() >= 2 * COUNT);
        Map<Integer, Long> next = new HashMap<>();
        for (MessageExt message : consumed) {
            long expected = next.getOrDefault(message.getQueueId(), 0L);
            Expect.equal("offset in queue " + message.getQueueId(), expected, message.getQueueOffset());
            next.put(message.getQueueId(), expected + 1);
        }
        Expect.equal("queues", Cell.QUEUES, next.size());
    }

    private DefaultMQPushConsumer consumer(String group, String topic, String tags) throws Exception {
        var consumer = new DefaultMQPushConsumer(group);
        consumer.setNamesrvAddr(cell.nameServer);
        consumer.setConsumeFromWhere(ConsumeFromWhere.CONSUME_FROM_FIRST_OFFSET);
        consumer.subscribe(topic, tags);
        return consumer;
    }
}
