package remoting.interop.golden;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.rocketmq.remoting.protocol.RemotingCommand;
import org.apache.rocketmq.remoting.protocol.RemotingSerializable;
import org.apache.rocketmq.remoting.protocol.SerializeType;
import remoting.interop.RocketMq;

/**
 * Answers and requests whose bodies {@code RemotingSerializable} wrote: integer keys bare, bean keys as objects. Each value is read from JSON
 * by the artifact's own decoder and written again by its encoder, so the bytes are this version's style, not ours.
 */
final class BodyFrames {
    private static final String QUEUE_0 = "{\"brokerName\":\"broker-a\",\"queueId\":0,\"topic\":\"T\"}";
    private static final String QUEUE_1 = "{\"brokerName\":\"broker-a\",\"queueId\":1,\"topic\":\"T\"}";

    private BodyFrames() {
    }

    static void record(Recorder recorder) throws Exception {
        body(recorder, "route.TopicRouteData", "{\"orderTopicConf\":\"broker-a:4\",\"brokerDatas\":[{\"brokerAddrs\":{\"0\":"
            + "\"127.0.0.1:10911\",\"1\":\"127.0.0.1:20911\",\"-1\":\"[::1]:10911\"},\"brokerName\":\"broker-a\",\"cluster\":\"C\"}],"
            + "\"filterServerTable\":{},\"queueDatas\":[{\"brokerName\":\"broker-a\",\"perm\":6,\"readQueueNums\":8,\"topicSysFlag\":0,"
            + "\"writeQueueNums\":8}]}");
        body(recorder, "admin.ConsumeStats", "{\"consumeTps\":1.0,\"offsetTable\":{" + QUEUE_0 + ":{\"brokerOffset\":10,"
            + "\"consumerOffset\":7,\"lastTimestamp\":1700000000000}," + QUEUE_1 + ":{\"brokerOffset\":9007199254740993,"
            + "\"consumerOffset\":0,\"lastTimestamp\":0}}}");
        body(recorder, "admin.TopicStatsTable", "{\"offsetTable\":{" + QUEUE_0 + ":{\"lastUpdateTimestamp\":1,\"maxOffset\":3,"
            + "\"minOffset\":2}}}");
        body(recorder, "body.ClusterInfo", "{\"brokerAddrTable\":{\"broker-a\":{\"brokerAddrs\":{\"0\":\"127.0.0.1:10911\"},"
            + "\"brokerName\":\"broker-a\",\"cluster\":\"C\"}},\"clusterAddrTable\":{\"C\":[\"broker-a\"]}}");
        body(recorder, "body.ConsumerOffsetSerializeWrapper", "{\"offsetTable\":{\"T@CG\":{\"0\":7,\"1\":9223372036854775807}}}");
        body(recorder, "body.QueryCorrectionOffsetBody", "{\"correctionOffsets\":{\"0\":5,\"12\":-1}}");
        body(recorder, "body.KVTable", "{\"table\":{\"runtime\":\"[ 1.0 ] / 2\",\"\u952e\":\"\u503c\",\"empty\":\"\"}}");
        body(recorder, "body.ResetOffsetBody", "{\"offsetTable\":{" + QUEUE_0 + ":100}}");
        body(recorder, "body.LockBatchRequestBody", "{\"clientId\":\"cid\",\"consumerGroup\":\"CG\",\"mqSet\":[" + QUEUE_0 + "]}");
        body(recorder, "body.TopicConfigSerializeWrapper", "{\"dataVersion\":{\"counter\":3,\"timestamp\":1700000000000},"
            + "\"topicConfigTable\":{\"T\":{\"order\":false,\"perm\":6,\"readQueueNums\":16,\"topicFilterType\":\"SINGLE_TAG\","
            + "\"topicName\":\"T\",\"topicSysFlag\":0,\"writeQueueNums\":16}}}");
        body(recorder, "body.SubscriptionGroupWrapper", "{\"dataVersion\":{\"counter\":1,\"timestamp\":2},"
            + "\"subscriptionGroupTable\":{\"CG\":{\"groupName\":\"CG\",\"retryMaxTimes\":16}}}");
        body(recorder, "heartbeat.HeartbeatData", "{\"clientID\":\"cid\",\"consumerDataSet\":[{\"consumeFromWhere\":"
            + "\"CONSUME_FROM_LAST_OFFSET\",\"consumeType\":\"CONSUME_PASSIVELY\",\"groupName\":\"CG\",\"messageModel\":\"CLUSTERING\","
            + "\"subscriptionDataSet\":[{\"codeSet\":[2598919],\"expressionType\":\"TAG\",\"subString\":\"TagA\",\"subVersion\":1,"
            + "\"tagsSet\":[\"TagA\"],\"topic\":\"T\"}],\"unitMode\":false}],\"producerDataSet\":[{\"groupName\":\"PG\"}]}");
        body(recorder, "body.ConsumerRunningInfo", "{\"properties\":{\"PROP_CLIENT_VERSION\":\"V5\"},\"subscriptionSet\":[],"
            + "\"mqTable\":{" + QUEUE_0 + ":{\"commitOffset\":1,\"cachedMsgCount\":0,\"droped\":false}},\"statusTable\":{},"
            + "\"jstack\":\"a\\n\\tb\"}");
        body(recorder, "body.ProducerConnection", "{\"connectionSet\":[{\"clientId\":\"c\",\"clientAddr\":\"127.0.0.1:1\","
            + "\"language\":\"RUST\",\"version\":513}]}");
        body(recorder, "body.ConsumeMessageDirectlyResult", "{\"autoCommit\":true,\"consumeResult\":\"CR_SUCCESS\",\"order\":false,"
            + "\"spentTimeMills\":12}");
        body(recorder, "body.TopicList", "{\"topicList\":[\"A\",\"B\"],\"brokerAddr\":null}");
        body(recorder, "body.GroupList", "{\"groupList\":[]}");
        body(recorder, "body.BrokerStatsData", "{\"statsMinute\":{\"sum\":1,\"tps\":0.1,\"avgpt\":1.0E-5},\"statsHour\":{},"
            + "\"statsDay\":{}}");
        body(recorder, "body.BatchAckMessageRequestBody", "{\"brokerName\":\"b\",\"acks\":[]}");
        // Since 5.5.1.
        request(recorder, 5002, "body.DeleteTopicListRequestBody", "{\"topicList\":[\"A\",\"%RETRY%\u7ec4\"]}");
        request(recorder, 5003, "body.DeleteSubscriptionGroupListRequestBody", "{\"groupNameList\":[\"CG\"],\"cleanOffset\":true}");
        if (RocketMq.hasField("body.ConsumerOffsetSerializeWrapper", "pullOffsetTable")) {
            body(recorder, "body.ConsumerOffsetSerializeWrapper", "-pull", "{\"offsetTable\":{\"T@CG\":{\"0\":7}},"
                + "\"pullOffsetTable\":{\"T@CG\":{\"0\":5,\"1\":9223372036854775807}}}");
        }
    }

    /** A request with such a body and no header. */
    private static void request(Recorder recorder, int code, String path, String json) throws Exception {
        Optional<Class<?>> type = RocketMq.protocolClass(path);
        if (type.isEmpty()) {
            return;
        }
        byte[] encoded = recode(type.get(), json);
        int opaque = recorder.nextOpaque();
        recorder.both("body-" + path.substring(path.indexOf('.') + 1), () -> CommandFrames.request(opaque, command -> {
            command.setCode(code);
            command.setBody(encoded);
        }));
    }

    private static void body(Recorder recorder, String path, String json) throws Exception {
        body(recorder, path, "", json);
    }

    private static void body(Recorder recorder, String path, String suffix, String json) throws Exception {
        Optional<Class<?>> type = RocketMq.protocolClass(path);
        if (type.isEmpty()) {
            return;
        }
        int opaque = recorder.nextOpaque();
        byte[] encoded = recode(type.get(), json);
        recorder.record("body-" + path.substring(path.indexOf('.') + 1) + suffix, SerializeType.JSON, () -> {
            RemotingCommand command = RemotingCommand.createResponseCommand(0, null);
            command.setOpaque(opaque);
            command.setBody(encoded);
            return command;
        });
    }

    private static byte[] recode(Class<?> type, String json) {
        Object value = RemotingSerializable.decode(json.getBytes(StandardCharsets.UTF_8), type);
        return RemotingSerializable.encode(value);
    }
}
