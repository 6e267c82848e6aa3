package remoting.interop.model;

import java.io.FileOutputStream;
import java.io.PrintStream;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.TreeSet;
import org.apache.rocketmq.common.MixAll;
import org.apache.rocketmq.common.constant.PermName;
import org.apache.rocketmq.common.namesrv.NamesrvUtil;
import org.apache.rocketmq.common.sysflag.PullSysFlag;
import org.apache.rocketmq.common.sysflag.SubscriptionSysFlag;
import org.apache.rocketmq.common.sysflag.TopicSysFlag;
import org.apache.rocketmq.common.topic.TopicValidator;
import remoting.interop.RocketMq;

/**
 * Prints the constants of topics, groups, permissions and flags of the artifact on the class path, and what its functions
 * make of some names. A line each: {@code constant Class.NAME value} or {@code call Class.method(arguments) value}. Writes
 * to the file that is its argument, or to the standard output.
 */
public final class NamePrinter {
    private static final String[] MIX_ALL = {
        "MASTER_ID", "FIRST_SLAVE_ID", "LOGICAL_QUEUE_MOCK_BROKER_PREFIX", "RETRY_GROUP_TOPIC_PREFIX",
        "DLQ_GROUP_TOPIC_PREFIX", "REPLY_TOPIC_POSTFIX", "LMQ_PREFIX", "DEFAULT_PRODUCER_GROUP", "DEFAULT_CONSUMER_GROUP",
        "TOOLS_CONSUMER_GROUP", "SCHEDULE_CONSUMER_GROUP", "FILTERSRV_CONSUMER_GROUP", "MONITOR_CONSUMER_GROUP",
        "CLIENT_INNER_PRODUCER_GROUP", "SELF_TEST_PRODUCER_GROUP", "SELF_TEST_CONSUMER_GROUP", "ONS_HTTP_PROXY_GROUP",
        "CID_ONSAPI_PERMISSION_GROUP", "CID_ONSAPI_OWNER_GROUP", "CID_ONSAPI_PULL_GROUP", "CID_RMQ_SYS_PREFIX",
        "CID_SYS_RMQ_TRANS", "ZONE_NAME", "ZONE_MODE", "IS_SUPPORT_HEART_BEAT_V2", "IS_SUB_CHANGE",
    };

    private static final String[] NAMES = {
        "a", "%RETRY%a", "%DLQ%a", "TBW102", "rmq_sys_x", "SELF_TEST_TOPIC", "TRANS_CHECK_MAX_TIME_TOPIC", "shop%a", "%a",
        "%RETRY%shop%a", "%DLQ%shop%a", "%RETRY%%a", "CID_RMQ_SYS_a", "shop%CID_RMQ_SYS_a", "shop%shop%a", "a b", "a|b-c_d%",
        "\u00e4", "x".repeat(120), "x".repeat(121), "x".repeat(127), "x".repeat(128), "%RETRY%" + "x".repeat(248),
        "%RETRY%" + "x".repeat(249), "DEFAULT_PRODUCER", "CID_ONSAPI_PULL", "%RETRY%g_a", "%RETRY%g+a",
    };

    private final PrintStream out;

    private NamePrinter(PrintStream out) {
        this.out = out;
    }

    public static void main(String[] args) throws Exception {
        try (PrintStream out = args.length > 0
                ? new PrintStream(new FileOutputStream(args[0]), false, StandardCharsets.UTF_8)
                : new PrintStream(System.out, false, StandardCharsets.UTF_8)) {
            new NamePrinter(out).print();
        }
    }

    private void print() throws ReflectiveOperationException {
        for (String name : MIX_ALL) {
            constant(MixAll.class, name);
        }
        constant(NamesrvUtil.class, "NAMESPACE_ORDER_TOPIC_CONFIG");
        for (Class<?> type : new Class<?>[] {
            TopicValidator.class, PermName.class, TopicSysFlag.class, SubscriptionSysFlag.class, PullSysFlag.class,
        }) {
            constants(type);
        }
        optional("org.apache.rocketmq.common.KeyBuilder").ifPresent(type -> constant(type, "POP_ORDER_REVIVE_QUEUE"));
        for (String path : new String[] {"org.apache.rocketmq.common.", "org.apache.rocketmq.common.pop."}) {
            optional(path + "PopAckConstants").ifPresent(type -> constant(type, "REVIVE_TOPIC"));
        }
        line("constant TopicValidator.systemTopics " + new TreeSet<>(TopicValidator.getSystemTopicSet()));
        line("constant TopicValidator.notAllowedSendTopics " + new TreeSet<>(TopicValidator.getNotAllowedSendTopicSet()));
        for (int perm = -1; perm <= 9; perm++) {
            for (String method : new String[] {"perm2String", "isReadable", "isWriteable", "isInherited", "isValid",
                "isAccessible"}) {
                call(PermName.class, method, perm);
            }
        }
        Class<?> namespaces = RocketMq.protocolClass("NamespaceUtil").orElseThrow();
        for (String name : NAMES) {
            for (String method : new String[] {"getRetryTopic", "getDLQTopic", "getReplyTopic", "isSysConsumerGroup",
                "isPredefinedGroup"}) {
                call(MixAll.class, method, name);
            }
            for (String method : new String[] {"isSystemTopic", "isNotAllowedSendTopic", "isTopicOrGroupIllegal",
                "validateTopic", "validateGroup"}) {
                call(TopicValidator.class, method, name);
            }
            for (String method : new String[] {"withoutNamespace", "getNamespaceFromResource", "isRetryTopic",
                "isDLQTopic"}) {
                call(namespaces, method, name);
            }
            call(namespaces, "wrapNamespace", "shop", name);
            call(namespaces, "isAlreadyWithNamespace", name, "shop");
            Optional<Class<?>> keys = optional("org.apache.rocketmq.common.KeyBuilder");
            if (keys.isPresent()) {
                call(keys.get(), "buildPopRetryTopicV1", name, "g");
                call(keys.get(), "buildPopRetryTopicV2", name, "g");
                call(keys.get(), "isPopRetryTopicV2", name);
                if (name.startsWith("%RETRY%g")) {
                    call(keys.get(), "parseNormalTopic", name, "g");
                }
            }
        }
    }

    private static Optional<Class<?>> optional(String name) {
        try {
            return Optional.of(Class.forName(name));
        } catch (ClassNotFoundException absent) {
            return Optional.empty();
        }
    }

    /** The constants of a class that are texts or numbers, private ones too. */
    private void constants(Class<?> type) {
        for (Field field : type.getDeclaredFields()) {
            if (Modifier.isFinal(field.getModifiers()) && (field.getType() == String.class || field.getType() == int.class)) {
                constant(type, field.getName());
            }
        }
    }

    private void constant(Class<?> type, String name) {
        try {
            Field field = type.getDeclaredField(name);
            field.setAccessible(true);
            line("constant " + type.getSimpleName() + "." + name + " " + field.get(null));
        } catch (ReflectiveOperationException absent) {
            // Not in this release.
        }
    }

    /** Calls a static method; does nothing if this release has it not. */
    private void call(Class<?> type, String name, Object... arguments) throws ReflectiveOperationException {
        Class<?>[] types = Arrays.stream(arguments)
            .map(argument -> argument instanceof Integer ? int.class : argument.getClass())
            .toArray(Class<?>[]::new);
        Method method;
        try {
            method = type.getMethod(name, types);
        } catch (NoSuchMethodException absent) {
            return;
        }
        Object value = method.invoke(null, arguments);
        if (name.startsWith("validate")) {
            value = value.getClass().getMethod("isValid").invoke(value);
        }
        String texts = String.join(",", Arrays.stream(arguments).map(Object::toString).toArray(String[]::new));
        line("call " + type.getSimpleName() + "." + name + "(" + texts + ") " + value);
    }

    private void line(String line) {
        out.print(line + "\n");
    }
}
