package remoting.interop.model;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.PrintStream;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.apache.rocketmq.remoting.CommandCustomHeader;
import org.apache.rocketmq.remoting.protocol.RemotingCommand;
import org.apache.rocketmq.remoting.protocol.SerializeType;
import remoting.interop.RocketMq;

/**
 * Prints a frame a line for the typed headers of the artifact on the class path: the name of the header, {@code all} or
 * {@code required}, {@code json}, {@code rocketmq} or {@code fast}, and the frame in hexadecimal. In {@code all} every
 * field is set; in {@code required} those with {@code @CFNotNull}, and what the constructor sets. {@code fast} is what
 * {@code NettyEncoder} writes for a header that writes itself.
 *
 * <p>The argument is what {@link HeaderPrinter} printed for a newer release: a header whose fields are the same there is
 * left out.
 */
public final class HeaderFramePrinter {
    private final PrintStream out = new PrintStream(System.out, false, StandardCharsets.US_ASCII);

    private HeaderFramePrinter() {
    }

    public static void main(String[] args) throws Exception {
        RocketMq.announceVersion();
        Map<String, TreeSet<String>> newer = args.length == 0 ? Map.of() : keys(Path.of(args[0]));
        var printer = new HeaderFramePrinter();
        for (Class<? extends CommandCustomHeader> type : HeaderClasses.all()) {
            var keys = new TreeSet<>(HeaderClasses.fields(type).stream().map(Field::getName).toList());
            if (!keys.equals(newer.get(type.getSimpleName()))) {
                printer.print(type);
            }
        }
        printer.out.flush();
    }

    /** The keys of each header in a file. */
    private static Map<String, TreeSet<String>> keys(Path file) throws Exception {
        Map<String, TreeSet<String>> keys = new HashMap<>();
        for (String line : Files.readAllLines(file)) {
            List<String> words = List.of(line.split(" "));
            var ofHeader = new TreeSet<>(words.stream().skip(4).map(word -> word.substring(0, word.indexOf(':'))).toList());
            keys.put(words.get(0), ofHeader);
        }
        return keys;
    }

    private void print(Class<? extends CommandCustomHeader> type) throws Exception {
        for (boolean all : new boolean[] {true, false}) {
            print(type, all, "json", command(type, all, SerializeType.JSON).encode().array());
            print(type, all, "rocketmq", command(type, all, SerializeType.ROCKETMQ).encode().array());
            if (HeaderClasses.isFast(type)) {
                ByteBuf frame = Unpooled.buffer();
                command(type, all, SerializeType.ROCKETMQ).fastEncodeHeader(frame);
                print(type, all, "fast", ByteBufUtil.getBytes(frame));
            }
        }
    }

    private void print(Class<?> type, boolean all, String encoding, byte[] frame) {
        String fields = all ? "all" : "required";
        out.print(type.getSimpleName() + " " + fields + " " + encoding + " " + ByteBufUtil.hexDump(frame) + "\n");
    }

    /** A request with the header; the codes of responses do not matter here. */
    private static RemotingCommand command(Class<? extends CommandCustomHeader> type, boolean all, SerializeType encoding)
            throws Exception {
        int code = HeaderClasses.requestCode(type).orElse(0);
        RemotingCommand command = RemotingCommand.createRequestCommand(code, header(type, all));
        command.setOpaque(7);
        command.setSerializeTypeCurrentRPC(encoding);
        return command;
    }

    private static CommandCustomHeader header(Class<? extends CommandCustomHeader> type, boolean all)
            throws ReflectiveOperationException {
        CommandCustomHeader header = HeaderClasses.create(type);
        for (Field field : HeaderClasses.fields(type)) {
            boolean isTime = field.getName().equals("invokeTime"); // the constructor takes the clock's
            if (all || isTime || HeaderClasses.isNotNull(field)) {
                field.set(header, value(field));
            }
        }
        return header;
    }

    /** A value that no other field of a header has, as far as its type allows. */
    private static Object value(Field field) {
        int number = field.getName().hashCode() >>> 8;
        Class<?> type = field.getType();
        if (type == String.class) {
            return "of " + field.getName();
        } else if (type == int.class || type == Integer.class) {
            return number;
        } else if (type == long.class || type == Long.class) {
            return number * 1_000_003L;
        } else if (type == boolean.class || type == Boolean.class) {
            return true;
        } else if (type.isEnum()) {
            return type.getEnumConstants()[type.getEnumConstants().length - 1];
        }
        throw new IllegalStateException("no value for a field of " + type);
    }
}
