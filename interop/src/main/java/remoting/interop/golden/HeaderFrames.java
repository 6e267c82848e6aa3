package remoting.interop.golden;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.apache.rocketmq.remoting.CommandCustomHeader;
import org.apache.rocketmq.remoting.protocol.RemotingCommand;
import remoting.interop.RocketMq;

/** Commands with typed headers, through both ways of encoding them. A header that a version lacks is left out. */
final class HeaderFrames {
    private static final long BORN = 1_700_000_000_000L;

    private HeaderFrames() {
    }

    static void record(Recorder recorder) throws Exception {
        request(recorder, 105, "namesrv.GetRouteInfoRequestHeader", "topic", "TopicTest", "acceptStandardJsonOnly", true);
        request(recorder, 103, "namesrv.RegisterBrokerRequestHeader", "brokerName", "broker-a", "brokerAddr", "127.0.0.1:10911",
            "clusterName", "DefaultCluster", "haServerAddr", "127.0.0.1:10912", "brokerId", 0L, "heartbeatTimeoutMillis", 30000L,
            "enableActingMaster", false, "compressed", true, "bodyCrc32", 1234567890);
        request(recorder, 104, "namesrv.UnRegisterBrokerRequestHeader", "brokerName", "broker-a", "brokerAddr", "127.0.0.1:10911",
            "clusterName", "DefaultCluster", "brokerId", 0L);
        request(recorder, 322, "namesrv.QueryDataVersionRequestHeader", "brokerName", "b", "brokerAddr", "127.0.0.1:1",
            "clusterName", "C", "brokerId", 1L);
        request(recorder, 10, "SendMessageRequestHeader", send("producerGroup", "topic", "defaultTopic", "defaultTopicQueueNums",
            "queueId", "sysFlag", "bornTimestamp", "flag", "properties", "reconsumeTimes", "unitMode", "maxReconsumeTimes", "batch"));
        request(recorder, 310, "SendMessageRequestHeaderV2",
            send("a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m"));
        request(recorder, 11, "PullMessageRequestHeader", "consumerGroup", "CG", "topic", "TopicTest", "queueId", 3, "queueOffset",
            Long.MAX_VALUE, "maxMsgNums", 32, "sysFlag", 6, "commitOffset", -1L, "suspendTimeoutMillis", 15000L, "subscription",
            "TagA || TagB", "subVersion", BORN, "expressionType", "TAG", "maxMsgBytes", 4096, "requestSource", 0);
        request(recorder, 200050, "PopMessageRequestHeader", "consumerGroup", "CG", "topic", "TopicTest", "queueId", -1, "maxMsgNums",
            32, "invisibleTime", 60000L, "pollTime", 15000L, "bornTime", BORN, "initMode", 1, "expType", "TAG", "exp", "*", "order",
            true, "attemptId", "att-1", "bname", "broker-a", "lo", true);
        request(recorder, 200051, "AckMessageRequestHeader", "consumerGroup", "CG", "topic", "TopicTest", "queueId", 0, "extraInfo",
            "0 1700000000000 60000 0 0 broker-a 0 5", "offset", 5L);
        request(recorder, 200053, "ChangeInvisibleTimeRequestHeader", "consumerGroup", "CG", "topic", "T", "queueId", 0, "extraInfo",
            "0 1 2", "offset", 5L, "invisibleTime", 10000L);
        request(recorder, 200054, "NotificationRequestHeader", "consumerGroup", "CG", "topic", "T", "queueId", 0, "pollTime", 15000L,
            "bornTime", BORN, "order", false, "isLiteConsumer", true, "clientId", "cid");
        request(recorder, 37, "EndTransactionRequestHeader", "topic", "T", "producerGroup", "PG", "tranStateTableOffset", 9L,
            "commitLogOffset", 1024L, "commitOrRollback", 8, "fromTransactionCheck", true, "msgId", "7F0001", "transactionId", "tx-1");
        request(recorder, 39, "CheckTransactionStateRequestHeader", "tranStateTableOffset", 9L, "commitLogOffset", 1024L, "msgId",
            "7F0001", "transactionId", "tx-1", "offsetMsgId", "7F000001");
        request(recorder, 36, "ConsumerSendMsgBackRequestHeader", "offset", 77L, "group", "CG", "delayLevel", 3, "originMsgId", "id",
            "originTopic", "T", "unitMode", false, "maxReconsumeTimes", 16);
        request(recorder, 14, "QueryConsumerOffsetRequestHeader", "consumerGroup", "CG", "topic", "T", "queueId", 2,
            "setZeroIfNotFound", true);
        request(recorder, 15, "UpdateConsumerOffsetRequestHeader", "consumerGroup", "CG", "topic", "T", "queueId", 2, "commitOffset",
            Long.MAX_VALUE);
        request(recorder, 17, "CreateTopicRequestHeader", "topic", "T", "defaultTopic", "TBW102", "readQueueNums", 8,
            "writeQueueNums", 8, "perm", 6, "topicFilterType", "SINGLE_TAG", "topicSysFlag", 0, "order", false);
        request(recorder, 40, "NotifyConsumerIdsChangedRequestHeader", "consumerGroup", "%RETRY%\u7ec4");
        request(recorder, 30, "GetMaxOffsetRequestHeader", "topic", "T", "queueId", 0);
        request(recorder, 29, "SearchOffsetRequestHeader", "topic", "T", "queueId", 0, "timestamp", BORN);
        request(recorder, 34, "HeartbeatRequestHeader");
        response(recorder, "SendMessageResponseHeader", "msgId", "7F000001000000000000", "queueId", 1, "queueOffset", 42L,
            "transactionId", "tx-1");
        response(recorder, "PullMessageResponseHeader", "suggestWhichBrokerId", 0L, "nextBeginOffset", 33L, "minOffset", 0L,
            "maxOffset", Long.MAX_VALUE);
        response(recorder, "PopMessageResponseHeader", "popTime", BORN, "invisibleTime", 60000L, "reviveQid", 3, "restNum", 0L,
            "startOffsetInfo", "0 0 5", "msgOffsetInfo", "0 0 5,6", "orderCountInfo", "0;1");
        response(recorder, "QueryConsumerOffsetResponseHeader", "offset", -1L);
        response(recorder, "namesrv.RegisterBrokerResponseHeader", "haServerAddr", "127.0.0.1:10912", "masterAddr", "127.0.0.1:10911");
    }

    /** Values of a send, under the long names of the first header or the letters of the second. */
    private static Object[] send(String... names) {
        Object[] values = {"PG", "TopicTest", "TBW102", 4, 1, 0, BORN, 0, "KEYS\u0001k1\u0002WAIT\u0001true\u0002", 0, false, 16, false};
        Object[] pairs = new Object[names.length * 2];
        for (int i = 0; i < names.length; i++) {
            pairs[2 * i] = names[i];
            pairs[2 * i + 1] = values[i];
        }
        return pairs;
    }

    private static void request(Recorder recorder, int code, String header, Object... pairs) throws Exception {
        int opaque = recorder.nextOpaque();
        typed(recorder, header, () -> {
            RemotingCommand command = RemotingCommand.createRequestCommand(code, make(header, pairs));
            command.setOpaque(opaque);
            command.setBody(code == 10 || code == 310 ? "message body".getBytes(StandardCharsets.UTF_8) : null);
            return command;
        });
    }

    private static void response(Recorder recorder, String header, Object... pairs) throws Exception {
        int opaque = recorder.nextOpaque();
        typed(recorder, header, () -> {
            CommandCustomHeader made = make(header, pairs);
            RemotingCommand command = RemotingCommand.createResponseCommand(0, null, made.getClass());
            for (var field : fields(pairs).entrySet()) {
                RocketMq.assign(command.readCustomHeader(), field.getKey(), field.getValue());
            }
            command.setOpaque(opaque);
            return command;
        });
    }

    private static void typed(Recorder recorder, String header, Recorder.Maker maker) throws Exception {
        if (RocketMq.protocolClass("header." + header).isEmpty()) {
            return;
        }
        String name = "header-" + header.substring(header.lastIndexOf('.') + 1);
        recorder.both(name, maker);
        recorder.nettyEncoder(name, maker);
    }

    private static CommandCustomHeader make(String header, Object... pairs) throws Exception {
        return RocketMq.header("header." + header, fields(pairs)).orElseThrow();
    }

    private static Map<String, Object> fields(Object... pairs) {
        Map<String, Object> fields = new HashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            fields.put((String) pairs[i], pairs[i + 1]);
        }
        return fields;
    }
}
