package remoting.interop.golden;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.rocketmq.remoting.protocol.SerializeType;

/** The order in which the ext keys stand in a frame. */
final class ExtOrder {
    private ExtOrder() {
    }

    static List<String> of(byte[] frame, SerializeType type, Set<String> keys) {
        return type == SerializeType.JSON ? json(frame, keys) : binary(frame);
    }

    /** Good for keys that need no escape and whose quoted form is no value; all of ours. */
    private static List<String> json(byte[] frame, Set<String> keys) {
        int headerLength = ByteBuffer.wrap(frame).getInt(4) & 0xFFFFFF;
        String header = new String(frame, 8, headerLength, StandardCharsets.UTF_8);
        int start = header.indexOf("\"extFields\":{");
        List<String> order = new ArrayList<>(keys);
        order.sort(Comparator.comparingInt(key -> header.indexOf("\"" + key + "\":\"", start)));
        return order;
    }

    private static List<String> binary(byte[] frame) {
        ByteBuffer buffer = ByteBuffer.wrap(frame);
        buffer.position(8 + 13);
        int remark = buffer.getInt();
        buffer.position(buffer.position() + remark);
        int end = buffer.getInt() + buffer.position();
        // The fast codec writes a field twice if a hook wrote it before: one place in the order is enough.
        Set<String> order = new LinkedHashSet<>();
        while (buffer.position() < end) {
            byte[] key = new byte[buffer.getShort()];
            buffer.get(key);
            order.add(new String(key, StandardCharsets.UTF_8));
            int value = buffer.getInt();
            buffer.position(buffer.position() + value);
        }
        return new ArrayList<>(order);
    }
}
