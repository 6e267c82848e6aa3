package remoting.interop.product;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.rocketmq.client.consumer.DefaultMQPullConsumer;
import org.apache.rocketmq.client.consumer.PullResult;
import org.apache.rocketmq.client.exception.MQClientException;
import org.apache.rocketmq.client.producer.DefaultMQProducer;
import org.apache.rocketmq.client.producer.MQProducer;
import org.apache.rocketmq.common.TopicConfig;
import org.apache.rocketmq.common.constant.PermName;
import org.apache.rocketmq.common.message.Message;
import org.apache.rocketmq.common.message.MessageExt;
import org.apache.rocketmq.common.message.MessageQueue;
import org.apache.rocketmq.tools.admin.DefaultMQAdminExt;
import remoting.interop.RocketMq;

/** This client release and one broker, found through the name server: what the cases share. */
final class Cell {
    static final int QUEUES = 2;

    final String nameServer;
    final String cluster;
    final String brokerName;
    final String brokerAddr;
    final String brokerVersion;
    final DefaultMQAdminExt admin;
    final DefaultMQProducer producer;
    private final DefaultMQPullConsumer reader;

    Cell(Map<String, String> options) throws MQClientException {
        nameServer = options.get("--name-server");
        cluster = options.get("--cluster");
        brokerName = options.get("--broker-name");
        brokerAddr = options.get("--broker");
        brokerVersion = options.get("--broker-version");

        admin = new DefaultMQAdminExt();
        admin.setNamesrvAddr(nameServer);
        admin.setInstanceName("admin");
        admin.start();

        producer = new DefaultMQProducer(unique("producer"));
        reach(producer);
        producer.start();

        reader = new DefaultMQPullConsumer(unique("reader"));
        reader.setNamesrvAddr(nameServer);
        reader.start();
    }

    void reach(DefaultMQProducer producer) {
        producer.setNamesrvAddr(nameServer);
        producer.setSendMsgTimeout(10_000);
    }

    boolean isBrokerBefore5() {
        return brokerVersion.startsWith("4.");
    }

    boolean isClientBefore5() {
        return RocketMq.version().startsWith("4.");
    }

    /** A name for a topic or group that no other cell uses. */
    String unique(String name) {
        return name + "-" + brokerName + "-" + RocketMq.version().replace(".", "");
    }

    /** Creates a topic on the broker, and waits until the name server knows its route. */
    String topic(String name) throws Exception {
        String topic = unique(name);
        var config = new TopicConfig(topic, QUEUES, QUEUES, PermName.PERM_READ | PermName.PERM_WRITE);
        admin.createAndUpdateTopicConfig(brokerAddr, config);
        Await.until("a route of " + topic, () -> !admin.examineTopicRouteInfo(topic).getBrokerDatas().isEmpty());
        return topic;
    }

    static Message message(String topic, String body) {
        return new Message(topic, body.getBytes());
    }

    static List<String> bodies(String prefix, int count) {
        List<String> bodies = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            bodies.add(prefix + "-" + i);
        }
        return bodies;
    }

    static void sendAll(MQProducer producer, String topic, List<String> bodies) throws Exception {
        for (String body : bodies) {
            producer.send(message(topic, body));
        }
    }

    static String body(MessageExt message) {
        return new String(message.getBody());
    }

    /** Pulls from all queues of a topic, from their begin, until this many messages have come. */
    List<MessageExt> readAll(String topic, int count) throws Exception {
        var queues = new ArrayList<>(reader.fetchSubscribeMessageQueues(topic));
        var offsets = new long[queues.size()];
        List<MessageExt> messages = new ArrayList<>();
        Await.until(count + " messages of " + topic, () -> {
            for (int i = 0; i < offsets.length; i++) {
                PullResult result = reader.pull(queues.get(i), "*", offsets[i], 32);
                offsets[i] = result.getNextBeginOffset();
                if (result.getMsgFoundList() != null) {
                    messages.addAll(result.getMsgFoundList());
                }
            }
            return messages.size() >= count;
        });
        return messages;
    }

    /** The sorted bodies of {@link #readAll}. */
    List<String> readBodies(String topic, int count) throws Exception {
        return readAll(topic, count).stream().map(Cell::body).sorted().toList();
    }

    /** The offset behind the last message of each queue, added up. */
    long written(String topic) throws Exception {
        long sum = 0;
        for (MessageQueue queue : reader.fetchSubscribeMessageQueues(topic)) {
            sum += reader.maxOffset(queue);
        }
        return sum;
    }

    DefaultMQPullConsumer reader() {
        return reader;
    }
}
