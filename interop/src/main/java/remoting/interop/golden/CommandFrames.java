package remoting.interop.golden;

import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.apache.rocketmq.remoting.protocol.LanguageCode;
import org.apache.rocketmq.remoting.protocol.RemotingCommand;
import org.apache.rocketmq.remoting.protocol.SerializeType;

/** Commands without typed headers: kinds, codes, languages, versions, opaques, flags and bodies. */
final class CommandFrames {
    private static final int GET_ROUTEINFO_BY_TOPIC = 105;
    private static final int[] EXTREMES = {0, 1, -1, 65536, Integer.MAX_VALUE, Integer.MIN_VALUE};

    private CommandFrames() {
    }

    static void record(Recorder recorder) throws Exception {
        plain(recorder, "kind-request", c -> { });
        plain(recorder, "kind-oneway", RemotingCommand::markOnewayRPC);
        plain(recorder, "kind-response", RemotingCommand::markResponseType);
        plain(recorder, "kind-response-oneway", c -> {
            c.markResponseType();
            c.markOnewayRPC();
        });
        for (int code : new int[] {0, 1, 3, 10, 310, 1500, 32767, -1}) {
            plain(recorder, "code-" + code, c -> c.setCode(code));
        }
        // Codes above 16 bits survive in JSON only.
        for (int code : new int[] {32768, 200050, 200151, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
            plain(recorder, "code-" + code, c -> c.setCode(code));
        }
        for (LanguageCode language : LanguageCode.values()) {
            plain(recorder, "language-" + language.name(), c -> c.setLanguage(language));
        }
        json(recorder, "language-null", c -> c.setLanguage(null));
        for (int version : new int[] {0, 1, 401, 475, 476, 613, 32767, -1}) {
            plain(recorder, "version-" + version, c -> c.setVersion(version));
        }
        for (int opaque : EXTREMES) {
            plain(recorder, "opaque-" + opaque, c -> c.setOpaque(opaque));
        }
        for (int flag : new int[] {4, 8, 0x40000000, Integer.MIN_VALUE, -1}) {
            plain(recorder, "flag-" + flag, c -> c.setFlag(flag));
        }
        plain(recorder, "body-none", c -> { });
        plain(recorder, "body-empty", c -> c.setBody(new byte[0]));
        plain(recorder, "body-one-zero", c -> c.setBody(new byte[1]));
        plain(recorder, "body-text", c -> c.setBody("hello".getBytes(StandardCharsets.UTF_8)));
        plain(recorder, "body-looks-like-a-frame", c -> c.setBody(new byte[] {0, 0, 0, 25, 1, 0, 0, 21}));
        plain(recorder, "body-1024", c -> c.setBody(pattern(1024)));
    }

    private static void plain(Recorder recorder, String name, Consumer<RemotingCommand> change) throws Exception {
        int opaque = recorder.nextOpaque();
        recorder.both(name, () -> request(opaque, change));
    }

    private static void json(Recorder recorder, String name, Consumer<RemotingCommand> change) throws Exception {
        int opaque = recorder.nextOpaque();
        recorder.record(name, SerializeType.JSON, () -> request(opaque, change));
    }

    static RemotingCommand request(int opaque, Consumer<RemotingCommand> change) {
        RemotingCommand command = RemotingCommand.createRequestCommand(GET_ROUTEINFO_BY_TOPIC, null);
        command.setOpaque(opaque);
        change.accept(command);
        return command;
    }

    /** Every byte value, in an order that no shift by four maps onto itself. */
    static byte[] pattern(int size) {
        byte[] bytes = new byte[size];
        for (int i = 0; i < size; i++) {
            bytes[i] = (byte) (i * 31 + i / 256);
        }
        return bytes;
    }
}
