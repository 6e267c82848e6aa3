package remoting.interop.model;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeSet;
import org.apache.rocketmq.common.UtilAll;
import org.apache.rocketmq.common.message.Message;
import org.apache.rocketmq.common.message.MessageExt;

/** A message as a line of text, the same that {@code describe.rs} in the tests of remoting-model makes of it. */
final class MessageDescription {
    private MessageDescription() {
    }

    static String of(MessageExt message) {
        return String.join(" ",
            Integer.toString(message.getStoreSize()),
            Integer.toString(message.getBodyCRC()),
            Integer.toString(message.getQueueId()),
            Integer.toString(message.getFlag()),
            Long.toString(message.getQueueOffset()),
            Long.toString(message.getCommitLogOffset()),
            Integer.toString(message.getSysFlag()),
            Long.toString(message.getBornTimestamp()),
            host(message.getBornHost()),
            Long.toString(message.getStoreTimestamp()),
            host(message.getStoreHost()),
            Integer.toString(message.getReconsumeTimes()),
            Long.toString(message.getPreparedTransactionOffset()),
            hex(message.getTopic()),
            ofContent(message));
    }

    /** The body, as length and checksum, and the properties. */
    static String ofContent(Message message) {
        byte[] body = message.getBody() == null ? new byte[0] : message.getBody();
        var properties = new TreeSet<String>();
        if (message.getProperties() != null) {
            for (Map.Entry<String, String> property : message.getProperties().entrySet()) {
                properties.add(hex(property.getKey()) + "=" + hex(property.getValue()));
            }
        }
        return body.length + ":" + UtilAll.crc32(body) + " [" + String.join(",", properties) + "]";
    }

    private static String host(SocketAddress address) {
        var host = (InetSocketAddress) address;
        return UtilAll.bytes2string(host.getAddress().getAddress()) + ":" + host.getPort();
    }

    private static String hex(String text) {
        return UtilAll.bytes2string(text.getBytes(StandardCharsets.UTF_8));
    }
}
