package remoting.interop.golden;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.apache.rocketmq.remoting.protocol.RemotingCommand;
import org.apache.rocketmq.remoting.protocol.SerializeType;
import remoting.interop.RocketMq;

/** Encodes commands with the artifact's own encoder, decodes them with its own decoder and prints both sides. */
final class Recorder {
    private static final HexFormat HEX = HexFormat.of();

    private final PrintStream out;
    private final String source = "apache/rocketmq Java " + RocketMq.version() + " (official artifact)";
    private int nextOpaque = 7000;
    private int count;

    Recorder(PrintStream out) {
        this.out = out;
    }

    /** Makes a command afresh: encoding changes it. */
    interface Maker {
        RemotingCommand make() throws Exception;
    }

    int count() {
        return count;
    }

    /** Gives every command an opaque of its own, so that the file does not depend on the JVM's counter. */
    int nextOpaque() {
        return nextOpaque++;
    }

    /** Records a command in both header encodings. */
    void both(String name, Maker maker) throws Exception {
        record(name, SerializeType.JSON, maker);
        record(name, SerializeType.ROCKETMQ, maker);
    }

    void record(String name, SerializeType type, Maker maker) throws Exception {
        RemotingCommand command = maker.make();
        command.setSerializeTypeCurrentRPC(type);
        ByteBuffer encoded = command.encode();
        byte[] frame = new byte[encoded.remaining()];
        encoded.get(frame);
        print(name, type, frame, fields(command));
    }

    /** What {@code NettyEncoder} puts on the wire: headers with a fast codec are written in their own order there. */
    void nettyEncoder(String name, Maker maker) throws Exception {
        RemotingCommand command = maker.make();
        command.setSerializeTypeCurrentRPC(SerializeType.ROCKETMQ);
        ByteBuf buffer = Unpooled.buffer();
        command.fastEncodeHeader(buffer);
        if (command.getBody() != null) {
            buffer.writeBytes(command.getBody());
        }
        byte[] frame = new byte[buffer.readableBytes()];
        buffer.readBytes(frame);
        print(name + "-netty-encoder", SerializeType.ROCKETMQ, frame, null);
    }

    private void print(String name, SerializeType type, byte[] frame, Map<String, Object> given) throws Exception {
        RemotingCommand decoded = RemotingCommand.decode(ByteBuffer.wrap(frame, 4, frame.length - 4).slice());
        Map<String, Object> fields = fields(decoded);
        boolean same = given == null || given.equals(fields);
        int entries = decoded.getExtFields() == null ? 0 : decoded.getExtFields().size();

        Map<String, Object> line = new LinkedHashMap<>();
        line.put("name", name + (type == SerializeType.JSON ? "/json" : "/rocketmq"));
        line.put("source", source);
        line.put("direction", direction(decoded.getFlag()));
        line.put("serialize", type.name());
        line.putAll(fields);
        if (entries > 1) {
            line.put("ext_order", ExtOrder.of(frame, type, decoded.getExtFields().keySet()));
        }
        line.put("frame_len", frame.length);
        line.put("byte_exact", type == SerializeType.ROCKETMQ && entries <= 1 && same);
        if (!same) {
            line.put("encoded_from", given);
        }
        line.put("frame_hex", HEX.formatHex(frame));
        out.print(AsciiJson.write(line) + "\n");
        count++;
    }

    private static Map<String, Object> fields(RemotingCommand command) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("code", command.getCode());
        fields.put("language", command.getLanguage() == null ? null : command.getLanguage().name());
        fields.put("version", command.getVersion());
        fields.put("opaque", command.getOpaque());
        fields.put("flag", command.getFlag());
        fields.put("remark", command.getRemark());
        fields.put("ext_fields", command.getExtFields() == null ? null : textKeys(command.getExtFields()));
        fields.put("body_hex", command.getBody() == null ? null : HEX.formatHex(command.getBody()));
        return fields;
    }

    /** The binary decoder turns an empty key into null: shown as the text "null". */
    private static Map<String, Object> textKeys(Map<String, String> map) {
        Map<String, Object> text = new LinkedHashMap<>();
        for (String key : new ArrayList<>(map.keySet())) {
            text.put(Objects.toString(key), map.get(key));
        }
        return text;
    }

    private static String direction(int flag) {
        return ((flag & 1) == 1 ? "response" : "request") + ((flag & 2) == 2 ? "-oneway" : "");
    }
}
