package remoting.interop.model;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.apache.rocketmq.common.UtilAll;
import org.apache.rocketmq.common.message.MessageClientIDSetter;
import org.apache.rocketmq.common.message.MessageDecoder;
import org.apache.rocketmq.common.message.MessageId;

/** Ids of both kinds, by the official classes. */
final class MessageIds {
    private MessageIds() {
    }

    /**
     * For each line {@code offset ID}: address, port, offset, and the id made anew. For each line {@code unique ID}: address,
     * process and time.
     */
    static List<String> describe(List<String> lines) throws Exception {
        var described = new ArrayList<String>();
        for (String line : lines) {
            String[] words = line.split(" ");
            described.add(words[0].equals("offset") ? offset(words[1]) : unique(words[1]));
        }
        return described;
    }

    /** The time in milliseconds, new ids of a client, and the time again. */
    static List<String> create(int count) {
        var lines = new ArrayList<String>();
        lines.add(Long.toString(System.currentTimeMillis()));
        for (int n = 0; n < count; n++) {
            lines.add(MessageClientIDSetter.createUniqID());
        }
        lines.add(Long.toString(System.currentTimeMillis()));
        return lines;
    }

    private static String offset(String text) throws Exception {
        MessageId id = MessageDecoder.decodeMessageId(text);
        var address = (InetSocketAddress) id.getAddress();
        return UtilAll.bytes2string(address.getAddress().getAddress()) + " " + address.getPort() + " " + id.getOffset() + " "
            + MessageDecoder.createMessageId(address, id.getOffset());
    }

    private static String unique(String text) {
        return UtilAll.bytes2string(MessageClientIDSetter.getIPFromID(text)) + " " + MessageClientIDSetter.getPidFromID(text)
            + " " + MessageClientIDSetter.getNearlyTimeFromID(text).getTime();
    }
}
