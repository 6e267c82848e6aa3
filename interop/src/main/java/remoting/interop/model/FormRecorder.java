package remoting.interop.model;

import java.io.ByteArrayInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.rocketmq.common.BrokerConfig;
import org.apache.rocketmq.common.MixAll;
import org.apache.rocketmq.common.MQVersion;
import org.apache.rocketmq.common.TopicConfig;
import org.apache.rocketmq.common.TopicFilterType;
import remoting.interop.RocketMq;

/**
 * Prints the forms of bodies that are not the JSON of a bean, as the artifact on the class path reads and writes them: the text of a
 * topic, compressed registrations, and properties text. A line each, with bytes in hexadecimal. Writes to the file that is
 * its argument, or to the standard output.
 */
public final class FormRecorder {
    /** A compressed registration as remoting-model writes it; its test compares what this unfolds to. */
    private static final String OURS = "78da454f3d4fc3301035fc041656eb6d48a64a286a2b6f0cb48ad48210290b4296e31e25c28923c719aa28ff1dbb0cbdbb279ddebdfb62"
        + "8cad461837b4813ce45ca00f3ad007f9be762d642610ea8622d97490f932bbd8c418bb8eb82d79be48b1e0efc5cb66fbaccaa70d1f53f9"
        + "6ecf1ff92a62b7df96c53f8f38add7479a855347905817eb5724f1cd27f26c963c97f3b4005f91bd8ab023aa5637495d79f74bfe5e43c0"
        + "0cde17879d8e778d93c0a1f6e104f9ad6d4f02d439f303b98cff1877dea3d4d1ba4a5ba5626f705d6d22599ef3a0eddb4003f5900fd31f"
        + "b2394bb2";

    private static final String[] TOPICS = {
        "T 16 8 6 SINGLE_TAG", "T 16 8 6 MULTI_TAG ", "T 16 8 6 SINGLE_TAG {}", "T 16 8 6 SINGLE_TAG {\"a\":\"b\"}",
        "T 16 8 6", "T 16 8 x SINGLE_TAG {}", "T 16 8 6 NO_TAG {}", "T 16 8 -1 SINGLE_TAG {}", " 16 8 6 SINGLE_TAG {}",
        "T 16 8 6 SINGLE_TAG broken", "", "T 16 8 6 SINGLE_TAG {} more",
    };

    private static final String[] PROPERTIES = {
        "", "a=b", "a = b\n", "a:b\r\nc d\re=f", "#a=b\n!c=d\n  # e\n g=h", "a=b\\\n  c\\\r\n\td", "a=b\\\\\nc=d", "a=\\\n#b",
        "\\\n#a=b\nc=d", "\\\n\\\n a=b", "\\\n\na=b", "a\\\n b\\\n = c", "a\\ b\\=c\\:d=e", "a==b", "a:=b", "a =: b", "=b", ":", "a", "a ",
        "a=\\t\\n\\r\\f\\q\\\\", "a=\\u00e4\\uD83D\\uDE00", "a=\\u12", "a=\\u12g4", "a=\\ud83d", "a=b\\", "a=b  ", "\fa\f=\fb\f",
        "listenPort=9876\nnamesrvAddr=a:1;b=2\npath=C:\\\\new\nblank=\\  x \n\\#a\\ b\\=c\\:d\\!=#!\nlines=a\\r\\n\\tb\\f\n"
            + "\\u00E4=\\uD83D\\uDE00\\u007F\n=\n",
    };

    private final PrintStream out;

    private FormRecorder(PrintStream out) {
        this.out = out;
    }

    public static void main(String[] args) throws Exception {
        try (PrintStream out = args.length > 0
                ? new PrintStream(new FileOutputStream(args[0]), false, StandardCharsets.US_ASCII)
                : System.out) {
            FormRecorder recorder = new FormRecorder(out);
            recorder.topics();
            recorder.registrations();
            recorder.properties();
            recorder.checkpoints();
            recorder.coldData();
        }
    }

    /** {@code topic TEXT = FIELDS}, where FIELDS are the text that Java writes for what it read, or {@code false} or an error. */
    private void topics() {
        for (String text : TOPICS) {
            TopicConfig topic = new TopicConfig();
            String read;
            try {
                read = topic.decode(text) ? hex(topic.encode()) : "false";
            } catch (RuntimeException refused) {
                read = "error";
            }
            line("topic " + hex(text) + " " + read);
        }
    }

    /** {@code registration NAME VERSION JSON COMPRESSED}, and what Java reads from a registration of remoting-model. */
    private void registrations() throws Exception {
        for (String name : List.of("empty", "topics", "mappings")) {
            Object body = registration(name);
            if (body == null) {
                continue;
            }
            byte[] compressed = (byte[]) body.getClass().getMethod("encode", boolean.class).invoke(body, true);
            byte[] json = (byte[]) body.getClass().getMethod("encode", boolean.class).invoke(body, false);
            line("registration " + name + " " + MQVersion.CURRENT_VERSION + " " + HexFormat.of().formatHex(json) + " "
                + HexFormat.of().formatHex(compressed));
        }
        Class<?> type = RocketMq.protocolClass("body.RegisterBrokerBody").orElseThrow();
        Method decode = Arrays.stream(type.getMethods())
            .filter(method -> method.getName().equals("decode") && method.getReturnType() == type)
            .findFirst()
            .orElseThrow();
        byte[] ours = HexFormat.of().parseHex(OURS);
        MQVersion.Version version = MQVersion.Version.values()[MQVersion.CURRENT_VERSION];
        String json;
        try {
            Object read = decode.getParameterCount() == 3
                ? decode.invoke(null, ours, true, version)
                : decode.invoke(null, ours, true);
            setMappingVersion(type.getMethod("getTopicConfigSerializeWrapper").invoke(read));
            json = HexFormat.of().formatHex((byte[]) type.getMethod("encode", boolean.class).invoke(read, false));
        } catch (InvocationTargetException refused) {
            json = "error";
        }
        line("ours " + OURS + " " + json);
    }

    /** Sets the version of the mappings, which has the time at which it was made; false before 5.0, which has none. */
    private static boolean setMappingVersion(Object wrapper) throws ReflectiveOperationException {
        Method getter;
        try {
            getter = wrapper.getClass().getMethod("getMappingDataVersion");
        } catch (NoSuchMethodException before50) {
            return false;
        }
        Object version = getter.invoke(wrapper);
        version.getClass().getMethod("setTimestamp", long.class).invoke(version, 1_700_000_000_001L);
        return true;
    }

    private static Object registration(String name) throws Exception {
        Object body = RocketMq.protocolClass("body.RegisterBrokerBody").orElseThrow().getDeclaredConstructor().newInstance();
        Object wrapper = body.getClass().getMethod("getTopicConfigSerializeWrapper").invoke(body);
        Object version = wrapper.getClass().getMethod("getDataVersion").invoke(wrapper);
        version.getClass().getMethod("setTimestamp", long.class).invoke(version, 1_700_000_000_000L);
        version.getClass().getMethod("setCounter", AtomicLong.class).invoke(version, new AtomicLong(3));
        if (!setMappingVersion(wrapper) && name.equals("mappings")) {
            return null;
        }
        if (name.equals("empty")) {
            return body;
        }
        body.getClass().getMethod("setFilterServerList", List.class).invoke(body, List.of("10.0.0.1:30000"));
        ConcurrentHashMap<String, TopicConfig> topics = new ConcurrentHashMap<>();
        TopicConfig first = new TopicConfig("T");
        TopicConfig second = new TopicConfig("U", 4, 8, 4);
        second.setTopicFilterType(TopicFilterType.MULTI_TAG);
        try {
            TopicConfig.class.getMethod("setAttributes", Map.class).invoke(second, Map.of("message.type", "FIFO"));
        } catch (NoSuchMethodException before50) {
            // No attributes.
        }
        topics.put("T", first);
        topics.put("U", second);
        wrapper.getClass().getMethod("setTopicConfigTable", ConcurrentMap.class).invoke(wrapper, topics);
        if (name.equals("mappings")) {
            Class<?> type = RocketMq.protocolClass("statictopic.TopicQueueMappingInfo").orElseThrow();
            Object info = type.getConstructor(String.class, int.class, String.class, long.class)
                .newInstance("T", 2, "broker-a", 7L);
            wrapper.getClass().getMethod("setTopicQueueMappingInfoMap", Map.class)
                .invoke(wrapper, new ConcurrentHashMap<>(Map.of("T", info)));
        }
        return body;
    }

    /**
     * {@code properties TEXT [KEY=VALUE]...}: what {@code Properties.load} reads from the bytes, in order, texts in UTF-16;
     * or {@code error}. {@code body}: what {@code MixAll.properties2String} writes.
     */
    private void properties() throws IOException {
        for (String text : PROPERTIES) {
            load(text.getBytes(StandardCharsets.ISO_8859_1));
        }
        Random random = new Random(10);
        String alphabet = "ab=: \t\f\\\n\r#!u0041\u00e4";
        for (int i = 0; i < 300; i++) {
            StringBuilder text = new StringBuilder();
            for (int length = 1 + random.nextInt(12); length > 0; length--) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            load(text.toString().getBytes(StandardCharsets.ISO_8859_1));
        }
        Properties plain = new Properties();
        plain.setProperty("namesrvAddr", "a:1;b=2 #!");
        line("body " + hex(MixAll.properties2String(plain)));
    }

    private void load(byte[] text) throws IOException {
        StringBuilder read = new StringBuilder();
        Properties properties = new Properties() {
            @Override
            public synchronized Object put(Object key, Object value) {
                read.append(' ').append(utf16(key)).append('=').append(utf16(value));
                return super.put(key, value);
            }
        };
        try {
            properties.load(new ByteArrayInputStream(text));
        } catch (IllegalArgumentException refused) {
            read.setLength(0);
            read.append(" error");
        }
        line("properties " + HexFormat.of().formatHex(text) + read);
    }

    /** {@code checkpoint BYTES REWRITTEN}: the bytes of a check point, and what {@code TimerCheckpoint} writes after it has read them. */
    private void checkpoints() throws ReflectiveOperationException {
        Optional<Class<?>> found = BrokerArtifacts.find("org.apache.rocketmq.store.timer.TimerCheckpoint");
        if (found.isEmpty()) {
            return; // 4.9 has no timer messages
        }
        Class<?> type = found.get();
        Object checkpoint = type.getConstructor().newInstance();
        long number = (1L << 53) + 1;
        for (String setter : List.of("LastReadTimeMs", "LastTimerLogFlushPos", "LastTimerQueueOffset", "MasterTimerQueueOffset")) {
            type.getMethod("set" + setter, long.class).invoke(checkpoint, number++);
        }
        Object version = type.getMethod("getDataVersion").invoke(checkpoint);
        version.getClass().getMethod("setStateVersion", long.class).invoke(version, number++);
        version.getClass().getMethod("setTimestamp", long.class).invoke(version, number++);
        version.getClass().getMethod("setCounter", AtomicLong.class).invoke(version, new AtomicLong(number));
        byte[] written = ((ByteBuffer) type.getMethod("encode", type).invoke(null, checkpoint)).array();
        Object read = type.getMethod("decode", ByteBuffer.class).invoke(null, ByteBuffer.wrap(written));
        byte[] rewritten = ((ByteBuffer) type.getMethod("encode", type).invoke(null, read)).array();
        line("checkpoint " + HexFormat.of().formatHex(written) + " " + HexFormat.of().formatHex(rewritten));
    }

    /** {@code colddata JSON}: what {@code ColdDataCgCtrService} answers. */
    private void coldData() throws ReflectiveOperationException {
        Optional<Class<?>> found = BrokerArtifacts.find("org.apache.rocketmq.broker.coldctr.ColdDataCgCtrService");
        if (found.isEmpty()) {
            return; // 4.9 does not limit cold data
        }
        // Its constructor needs a broker; these are the fields that the answer is made of.
        Field unsafe = sun.misc.Unsafe.class.getDeclaredField("theUnsafe");
        unsafe.setAccessible(true);
        Object service = ((sun.misc.Unsafe) unsafe.get(null)).allocateInstance(found.get());
        BrokerConfig config = new BrokerConfig();
        BrokerConfig.class.getMethod("setCgColdReadThreshold", long.class).invoke(config, 1L);
        BrokerConfig.class.getMethod("setGlobalColdReadThreshold", long.class).invoke(config, 2L);
        Class<?> read = BrokerArtifacts.find("org.apache.rocketmq.common.coldctr.AccAndTimeStamp").orElseThrow();
        Object group = read.getConstructor(AtomicLong.class).newInstance(new AtomicLong(3));
        read.getField("createTimeMills").set(group, 4L);
        read.getField("lastColdReadTimeMills").set(group, 5L);
        RocketMq.assign(service, "brokerConfig", config);
        RocketMq.assign(service, "cgColdThresholdMapConfig", new ConcurrentHashMap<>(Map.of("limited", 6L)));
        RocketMq.assign(service, "cgColdThresholdMapRuntime", new ConcurrentHashMap<>(Map.of("reading", group)));
        line("colddata " + hex((String) found.get().getMethod("getColdDataFlowCtrInfo").invoke(service)));
    }

    private static String utf16(Object text) {
        StringBuilder units = new StringBuilder();
        for (char unit : text.toString().toCharArray()) {
            units.append(HexFormat.of().toHexDigits(unit));
        }
        return units.toString();
    }

    private static String hex(String text) {
        return HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8));
    }

    private void line(String line) {
        out.print(line + "\n");
    }
}
