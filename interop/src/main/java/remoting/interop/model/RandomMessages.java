package remoting.interop.model;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.apache.rocketmq.common.UtilAll;
import org.apache.rocketmq.common.compression.CompressionType;
import org.apache.rocketmq.common.compression.CompressorFactory;
import org.apache.rocketmq.common.message.Message;
import org.apache.rocketmq.common.message.MessageAccessor;
import org.apache.rocketmq.common.message.MessageDecoder;
import org.apache.rocketmq.common.message.MessageExt;
import org.apache.rocketmq.common.sysflag.MessageSysFlag;

/** Random messages, the same for the same seed. */
final class RandomMessages {
    private static final String[] CHARACTERS = {"a", "Z", "0", " ", "\n", "%", "_", "é", "中", "\uffff", "😀"};
    private static final byte[] REPEATED = "one pizza, ".getBytes(StandardCharsets.US_ASCII);
    /** The size of a message with IPv4 hosts up to the length of the body. */
    private static final int BODY_POSITION = 84;

    private final Random random;

    RandomMessages(long seed) {
        random = new Random(seed);
    }

    /** A stored message as the official encoder writes it; since 5.0 sometimes with a long topic. */
    byte[] stored() throws Exception {
        MessageExt message = new MessageExt();
        message.setTopic(text(0, 31));
        message.setFlag(random.nextInt());
        MessageAccessor.setProperties(message, properties());
        message.setQueueId(random.nextInt(16));
        message.setQueueOffset(random.nextLong());
        message.setCommitLogOffset(random.nextLong());
        message.setBornTimestamp(random.nextLong());
        message.setStoreTimestamp(random.nextLong());
        message.setReconsumeTimes(random.nextInt());
        message.setPreparedTransactionOffset(random.nextLong());
        message.setSysFlag(random.nextInt() & 0xe);
        boolean bornV6 = random.nextInt(3) == 0;
        boolean storeV6 = random.nextInt(3) == 0;
        message.setBornHost(host(bornV6));
        message.setStoreHost(host(storeV6));
        if (bornV6) {
            message.setBornHostV6Flag();
        }
        if (storeV6) {
            message.setStoreHostAddressV6Flag();
        }
        byte[] body = body();
        if (body.length > 0 && random.nextInt(4) == 0) {
            CompressionType type = CompressionType.values()[random.nextInt(3)];
            body = CompressorFactory.getCompressor(type).compress(body, 5);
            message.setSysFlag(message.getSysFlag() | MessageSysFlag.COMPRESSED_FLAG | type.getCompressionFlag());
        }
        message.setBody(body);
        message.setBodyCRC(UtilAll.crc32(body));
        String longTopic = "t".repeat(128 + random.nextInt(500));
        if (random.nextInt(10) != 0 || MessageVersions.second().isEmpty()) {
            return MessageDecoder.encode(message, false);
        }
        message.setTopic("");
        int position = BODY_POSITION + (bornV6 ? 12 : 0) + (storeV6 ? 12 : 0) + 4 + body.length;
        return MessageVersions.withLongTopic(MessageDecoder.encode(message, false), position, longTopic);
    }

    /** A message of a batch. */
    Message outgoing() {
        var message = new Message("T", body());
        message.setFlag(random.nextInt());
        MessageAccessor.setProperties(message, properties());
        return message;
    }

    int below(int end) {
        return random.nextInt(end);
    }

    long number() {
        return random.nextLong();
    }

    InetSocketAddress host(boolean v6) throws UnknownHostException {
        byte[] address = new byte[v6 ? 16 : 4];
        random.nextBytes(address);
        return new InetSocketAddress(InetAddress.getByAddress(address), random.nextInt(65536));
    }

    private Map<String, String> properties() {
        var properties = new HashMap<String, String>();
        for (int n = random.nextInt(8); n > 0; n--) {
            properties.put(text(1, 8), text(1, 30));
        }
        if (random.nextInt(10) == 0) {
            properties.put("odd", "a\u0001b");
        }
        return properties;
    }

    private byte[] body() {
        int kind = random.nextInt(10);
        byte[] body = new byte[kind == 0 ? 0 : random.nextInt(kind == 1 ? 20_000 : 300)];
        if (random.nextInt(3) == 0) {
            random.nextBytes(body);
        } else {
            for (int at = 0; at < body.length; at++) {
                body[at] = REPEATED[at % REPEATED.length];
            }
        }
        return body;
    }

    private String text(int least, int most) {
        var text = new StringBuilder();
        for (int length = least + random.nextInt(most - least + 1); length > 0; length--) {
            text.append(CHARACTERS[random.nextInt(CHARACTERS.length)]);
        }
        return text.toString();
    }
}
