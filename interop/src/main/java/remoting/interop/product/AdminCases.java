package remoting.interop.product;

import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.apache.rocketmq.client.exception.MQClientException;
import org.apache.rocketmq.common.constant.PermName;
import org.apache.rocketmq.common.message.MessageQueue;
import remoting.interop.Cases;
import remoting.interop.Expect;

/** What {@code DefaultMQAdminExt} asks the name server. */
record AdminCases(Cell cell) {
    private static final int TOPIC_NOT_EXIST = 17;
    private static final int QUERY_NOT_FOUND = 22;
    private static final Map<String, String> CONFIG_KEYS =
        Map.of("4.9.7", "serverOnewaySemaphoreValue", "5.3.3", "serverAsyncSemaphoreValue");

    void run(Cases cases) {
        cases.run("cluster", this::cluster);
        cases.run("route", this::route);
        cases.run("topic-lists", this::topicLists);
        cases.run("topic-stats", this::topicStats);
        cases.run("broker-stats", this::brokerStats);
        cases.run("kv-config", this::kvConfig);
        cases.run("name-server-config", this::nameServerConfig);
        cases.run("order-config", this::orderConfig);
        cases.run("write-permission", this::writePermission);
        cases.run("delete-topic", this::deleteTopic);
    }

    private void cluster() throws Exception {
        var info = cell.admin.examineBrokerClusterInfo();
        Expect.equal("brokers of the cluster", Set.of(cell.brokerName), info.getClusterAddrTable().get(cell.cluster));
        var broker = info.getBrokerAddrTable().get(cell.brokerName);
        Expect.equal("cluster of the broker", cell.cluster, broker.getCluster());
        Expect.equal("master", cell.brokerAddr, broker.getBrokerAddrs().get(0L));
        Expect.equal("members", 1, broker.getBrokerAddrs().size());
    }

    private void route() throws Exception {
        String topic = cell.topic("route");
        var route = cell.admin.examineTopicRouteInfo(topic);
        Expect.equal("brokers", 1, route.getBrokerDatas().size());
        Expect.equal("master", cell.brokerAddr, route.getBrokerDatas().get(0).getBrokerAddrs().get(0L));
        var queues = route.getQueueDatas().get(0);
        Expect.equal("broker of the queues", cell.brokerName, queues.getBrokerName());
        Expect.equal("read queues", Cell.QUEUES, queues.getReadQueueNums());
        Expect.equal("write queues", Cell.QUEUES, queues.getWriteQueueNums());
        Expect.equal("permission", PermName.PERM_READ | PermName.PERM_WRITE, queues.getPerm());
        try {
            cell.admin.examineTopicRouteInfo(cell.unique("absent"));
            throw new AssertionError("an absent topic has a route");
        } catch (MQClientException e) {
            Expect.equal("code", TOPIC_NOT_EXIST, e.getResponseCode());
        }
    }

    private void topicLists() throws Exception {
        String topic = cell.topic("listed");
        Expect.isTrue("listed", cell.admin.fetchAllTopicList().getTopicList().contains(topic));
        Expect.isTrue("listed for its cluster", cell.admin.fetchTopicsByCLuster(cell.cluster).getTopicList().contains(topic));
        Expect.isTrue("not listed for another", !cell.admin.fetchTopicsByCLuster("absent").getTopicList().contains(topic));
        Expect.equal("clusters of the topic", Set.of(cell.cluster), cell.admin.getTopicClusterList(topic));
        var api = cell.producer.getDefaultMQProducerImpl().getMqClientFactory().getMQClientAPIImpl();
        Set<String> system = api.getSystemTopicList(5000).getTopicList();
        Expect.isTrue("the broker's name is a system topic", system.contains(cell.brokerName));
        Expect.isTrue("a created topic is none", !system.contains(topic));
        Expect.isTrue("nor a unit's", !api.getUnitTopicList(false, 5000).getTopicList().contains(topic));
    }

    private void topicStats() throws Exception {
        if (cell.isBrokerBefore5() && !cell.isClientBefore5()) {
            throw new Cases.NotApplicable("5.x clients ask with code 351 here, which 4.9 brokers do not know");
        }
        String topic = cell.topic("stats");
        Cell.sendAll(cell.producer, topic, Cell.bodies("stats", 2 * Cell.QUEUES));
        // The broker counts a message some time after it has confirmed it.
        Await.until("two messages in each queue", () -> {
            var table = cell.admin.examineTopicStats(topic).getOffsetTable();
            for (int queue = 0; queue < Cell.QUEUES; queue++) {
                if (table.get(new MessageQueue(topic, cell.brokerName, queue)).getMaxOffset() != 2) {
                    return false;
                }
            }
            return true;
        });
    }

    private void brokerStats() throws Exception {
        String described = cell.admin.fetchBrokerRuntimeStats(cell.brokerAddr).getTable().get("brokerVersionDesc");
        Expect.equal("version", "V" + cell.brokerVersion.replace('.', '_'), described);
    }

    private void kvConfig() throws Exception {
        String namespace = cell.unique("namespace");
        cell.admin.createAndUpdateKvConfig(namespace, "key", "first");
        cell.admin.createAndUpdateKvConfig(namespace, "key", "välue");
        cell.admin.createAndUpdateKvConfig(namespace, "other", "");
        Expect.equal("value", "välue", cell.admin.getKVConfig(namespace, "key"));
        Expect.equal("keys", Set.of("key", "other"), cell.admin.getKVListByNamespace(namespace).getTable().keySet());
        cell.admin.deleteKvConfig(namespace, "key");
        try {
            cell.admin.getKVConfig(namespace, "key");
            throw new AssertionError("a deleted key has a value");
        } catch (MQClientException e) {
            Expect.equal("code", QUERY_NOT_FOUND, e.getResponseCode());
        }
    }

    /** Each broker's cells change another key, because cells of several brokers run at the same time. */
    private void nameServerConfig() throws Exception {
        var servers = List.of(cell.nameServer);
        String key = CONFIG_KEYS.getOrDefault(cell.brokerVersion, "serverChannelMaxIdleTimeSeconds");
        for (String value : List.of("77", "78")) {
            cell.admin.updateNameServerConfig(properties(key, value), servers);
            Properties config = cell.admin.getNameServerConfig(servers).get(cell.nameServer);
            Expect.equal("value", value, config.getProperty(key));
            Expect.isTrue("the path of the KV file", config.getProperty("kvConfigPath") != null);
        }
        try {
            cell.admin.updateNameServerConfig(properties("kvConfigPath", "/tmp/elsewhere"), servers);
            throw new AssertionError("the path of the KV file can be set");
        } catch (MQClientException e) {
            Expect.contains("refusal", "black list", e.getMessage());
        }
    }

    /** Shown in routes only where {@code orderMessageEnable} is set. */
    private void orderConfig() throws Exception {
        String topic = cell.topic("order");
        cell.admin.updateNameServerConfig(properties("orderMessageEnable", "true"), List.of(cell.nameServer));
        String order = cell.brokerName + ":" + Cell.QUEUES;
        cell.admin.createOrUpdateOrderConf(topic, order, true);
        Expect.equal("order", order, cell.admin.examineTopicRouteInfo(topic).getOrderTopicConf());
    }

    private void writePermission() throws Exception {
        String topic = cell.topic("permission");
        // A topic of another cell makes the broker register, which restores the permission at any time.
        Await.until("the permission is wiped and added", () -> {
            int topics = cell.admin.wipeWritePermOfBroker(cell.nameServer, cell.brokerName);
            Expect.isTrue("topics without write permission: " + topics, topics > 0);
            boolean wiped = permission(topic) == PermName.PERM_READ;
            int added = cell.admin.addWritePermOfBroker(cell.nameServer, cell.brokerName);
            return wiped && added == topics && permission(topic) == (PermName.PERM_READ | PermName.PERM_WRITE);
        });
    }

    private int permission(String topic) throws Exception {
        return cell.admin.examineTopicRouteInfo(topic).getQueueDatas().get(0).getPerm();
    }

    private void deleteTopic() throws Exception {
        String topic = cell.topic("deleted");
        cell.admin.deleteTopicInBroker(Set.of(cell.brokerAddr), topic);
        // The two last parameters of this method changed their places in 5.0.
        if (cell.isClientBefore5()) {
            cell.admin.deleteTopicInNameServer(Set.of(cell.nameServer), topic, cell.cluster);
        } else {
            cell.admin.deleteTopicInNameServer(Set.of(cell.nameServer), cell.cluster, topic);
        }
        Await.until("no route of " + topic, () -> {
            try {
                cell.admin.examineTopicRouteInfo(topic);
                return false;
            } catch (MQClientException e) {
                return e.getResponseCode() == TOPIC_NOT_EXIST;
            }
        });
        Expect.isTrue("not listed", !cell.admin.fetchAllTopicList().getTopicList().contains(topic));
    }

    private static Properties properties(String key, String value) {
        var properties = new Properties();
        properties.setProperty(key, value);
        return properties;
    }
}
