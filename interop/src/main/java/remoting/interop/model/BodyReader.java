package remoting.interop.model;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TimeZone;
import org.apache.rocketmq.remoting.protocol.RemotingSerializable;

/**
 * Decodes bodies with the artifact on the class path. The argument is a file with a class and JSON on each line. For each, prints what
 * it encodes from the decoded body, {@code !} and a reason if it cannot, or {@code ?} if it does not know the class.
 */
public final class BodyReader {
    private BodyReader() {
    }

    public static void main(String[] args) throws Exception {
        TimeZone.setDefault(TimeZone.getTimeZone("UTC"));
        Map<String, Class<?>> classes = BodyClasses.all();
        PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
        for (String line : Files.readAllLines(Path.of(args[0]))) {
            int space = line.indexOf(' ');
            Class<?> type = classes.get(line.substring(0, space));
            out.print((type == null ? "?" : recoded(type, line.substring(space + 1))) + "\n");
        }
        out.flush();
    }

    private static String recoded(Class<?> type, String json) {
        try {
            Object body = RemotingSerializable.decode(json.getBytes(StandardCharsets.UTF_8), type);
            return new String(RemotingSerializable.encode(body), StandardCharsets.UTF_8);
        } catch (RuntimeException refused) {
            return "!" + refused.toString().replace('\n', ' ');
        }
    }
}
