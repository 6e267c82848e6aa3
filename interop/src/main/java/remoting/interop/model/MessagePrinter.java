package remoting.interop.model;

import java.nio.ByteBuffer;
import org.apache.rocketmq.common.UtilAll;
import org.apache.rocketmq.common.message.MessageDecoder;

/** Prints random messages in hexadecimal, each with what the official decoder reads. */
public final class MessagePrinter {
    private static final int COUNT = 60;

    private MessagePrinter() {
    }

    public static void main(String[] args) throws Exception {
        var random = new RandomMessages(1);
        for (int n = 0; n < COUNT; n++) {
            byte[] message = random.stored();
            String description = MessageDescription.of(MessageDecoder.decode(ByteBuffer.wrap(message)));
            System.out.println(UtilAll.bytes2string(message) + " " + description);
        }
    }
}
