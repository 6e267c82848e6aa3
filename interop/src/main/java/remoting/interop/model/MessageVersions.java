package remoting.interop.model;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The second version of stored messages, which 4.9 has not. The official encoder writes only the first. */
final class MessageVersions {
    private static final int MAGIC_CODE_POSITION = 4;

    private MessageVersions() {
    }

    /** The constant {@code MessageVersion.MESSAGE_VERSION_V2}. */
    static Optional<Object> second() {
        try {
            Class<?> type = Class.forName("org.apache.rocketmq.common.message.MessageVersion");
            return Optional.of(type.getEnumConstants()[1]);
        } catch (ClassNotFoundException absent) {
            return Optional.empty();
        }
    }

    /** A message of the first version without a topic, whose length is at this position, with a topic in the second version. */
    static byte[] withLongTopic(byte[] message, int position, String topic) throws ReflectiveOperationException {
        Object version = second().orElseThrow();
        Class<?> type = Class.forName("org.apache.rocketmq.common.message.MessageVersion");
        byte[] name = topic.getBytes(StandardCharsets.UTF_8);
        ByteBuffer out = ByteBuffer.allocate(message.length + 1 + name.length);
        out.put(message, 0, position);
        type.getMethod("putTopicLength", ByteBuffer.class, int.class).invoke(version, out, name.length);
        out.put(name);
        out.put(message, position + 1, message.length - position - 1);
        out.putInt(0, out.capacity());
        out.putInt(MAGIC_CODE_POSITION, (int) type.getMethod("getMagicCode").invoke(version));
        return out.array();
    }
}
