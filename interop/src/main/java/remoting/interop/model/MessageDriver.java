package remoting.interop.model;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TimeZone;
import org.apache.rocketmq.common.UtilAll;
import org.apache.rocketmq.common.message.Message;
import org.apache.rocketmq.common.message.MessageDecoder;
import org.apache.rocketmq.common.message.MessageExt;
import org.apache.rocketmq.common.sysflag.MessageSysFlag;
import remoting.interop.Lines;
import remoting.interop.Watchdog;

/**
 * The official {@code MessageDecoder} and what belongs to it, on files in a folder.
 *
 * <pre>
 * READ FOLDER                reads the list "messages", and writes "lines": each message's description, and its bytes
 *                            as the official encoder writes it again, if it can
 * WRITE FOLDER SEED COUNT    writes random messages to "messages", and "lines": the descriptions
 * READ_BATCH FOLDER          reads the batch "messages", and writes "lines": each message's flag and content; and the
 *                            batch anew to "again"
 * WRITE_BATCH FOLDER SEED COUNT  the same as WRITE, for a batch
 * IDS FOLDER                 reads ids from "lines", and writes what the official classes make of them: see MessageIds
 * NEW_IDS FOLDER COUNT       writes new ids to "lines", after the time
 * POP FOLDER                 reads texts of POP from "lines", and writes what ExtraInfoUtil makes of them: see PopTexts
 * </pre>
 */
public final class MessageDriver {
    private MessageDriver() {
    }

    public static void main(String[] args) throws IOException {
        Watchdog.start(600);
        // Ids contain the time since the start of the month here. Not UTC, so that the offset counts.
        TimeZone.setDefault(TimeZone.getTimeZone("Asia/Shanghai"));
        Lines.serve(MessageDriver::answer);
    }

    private static String answer(String[] words) throws Exception {
        Path folder = Path.of(words[1]);
        switch (words[0]) {
            case "READ":
                read(folder);
                return "";
            case "WRITE":
                write(folder, new RandomMessages(Long.parseLong(words[2])), Integer.parseInt(words[3]));
                return "";
            case "READ_BATCH":
                readBatch(folder);
                return "";
            case "WRITE_BATCH":
                writeBatch(folder, new RandomMessages(Long.parseLong(words[2])), Integer.parseInt(words[3]));
                return "";
            case "IDS":
                writeLines(folder, MessageIds.describe(Files.readAllLines(folder.resolve("lines"))));
                return "";
            case "NEW_IDS":
                writeLines(folder, MessageIds.create(Integer.parseInt(words[2])));
                return "";
            case "POP":
                writeLines(folder, PopTexts.describe(Files.readAllLines(folder.resolve("lines"))));
                return "";
            default:
                throw new IllegalArgumentException(words[0]);
        }
    }

    private static void read(Path folder) throws Exception {
        ByteBuffer list = ByteBuffer.wrap(Files.readAllBytes(folder.resolve("messages")));
        var lines = new ArrayList<String>();
        for (MessageExt message : unwrapped(MessageDecoder.decodes(list))) {
            lines.add(MessageDescription.of(message) + " " + again(message));
        }
        writeLines(folder, lines);
    }

    /** What the official encoder writes, in hexadecimal; it writes only topics of up to 127 bytes, and no null. */
    private static String again(MessageExt message) throws Exception {
        if (message.getTopic().getBytes(StandardCharsets.UTF_8).length > 127 || message.getBody() == null) {
            return "-";
        }
        message.setStoreSize(0);
        return UtilAll.bytes2string(MessageDecoder.encode(message, false));
    }

    /** Replaces inner batches by their messages, as {@code PullAPIWrapper} does since 5.0. */
    private static List<MessageExt> unwrapped(List<MessageExt> messages) throws Exception {
        Method unwrap;
        try {
            unwrap = MessageDecoder.class.getMethod("decodeMessage", MessageExt.class, List.class);
        } catch (NoSuchMethodException absent) {
            return messages;
        }
        int bits = MessageSysFlag.INNER_BATCH_FLAG | MessageSysFlag.NEED_UNWRAP_FLAG;
        var all = new ArrayList<MessageExt>();
        for (MessageExt message : messages) {
            if ((message.getSysFlag() & bits) == bits && message.getBody() != null) {
                unwrap.invoke(null, message, all);
            } else if ((message.getSysFlag() & bits) != bits) {
                all.add(message);
            }
        }
        return all;
    }

    private static void write(Path folder, RandomMessages random, int count) throws Exception {
        var list = new ByteArrayOutputStream();
        var lines = new ArrayList<String>();
        for (int n = 0; n < count; n++) {
            byte[] message = random.stored();
            list.write(message);
            lines.add(MessageDescription.of(MessageDecoder.decode(ByteBuffer.wrap(message))));
        }
        Files.write(folder.resolve("messages"), list.toByteArray());
        writeLines(folder, lines);
    }

    private static void readBatch(Path folder) throws Exception {
        ByteBuffer batch = ByteBuffer.wrap(Files.readAllBytes(folder.resolve("messages")));
        List<Message> messages = MessageDecoder.decodeMessages(batch);
        writeLines(folder, describe(messages));
        Files.write(folder.resolve("again"), MessageDecoder.encodeMessages(messages));
    }

    private static void writeBatch(Path folder, RandomMessages random, int count) throws Exception {
        var messages = new ArrayList<Message>();
        for (int n = 0; n < count; n++) {
            messages.add(random.outgoing());
        }
        Files.write(folder.resolve("messages"), MessageDecoder.encodeMessages(messages));
        writeLines(folder, describe(messages));
    }

    private static List<String> describe(List<Message> messages) {
        var lines = new ArrayList<String>();
        for (Message message : messages) {
            lines.add(message.getFlag() + " " + MessageDescription.ofContent(message));
        }
        return lines;
    }

    private static void writeLines(Path folder, List<String> lines) throws IOException {
        Files.write(folder.resolve("lines"), lines, StandardCharsets.UTF_8);
    }
}
