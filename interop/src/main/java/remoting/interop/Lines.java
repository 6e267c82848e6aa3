package remoting.interop;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/** Answers each line of standard input with one line, {@code OK text} or {@code FAILED reason}; the process ends with the last. */
public final class Lines {
    private Lines() {
    }

    /** What a line, split at its first three blanks, is answered with. */
    public interface Answer {
        String to(String[] words) throws Exception;
    }

    public static void serve(Answer answer) throws IOException {
        var lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            System.out.println(reply(answer, line).strip().replace("\r", "\\r").replace("\n", "\\n"));
        }
        Runtime.getRuntime().halt(0);
    }

    private static String reply(Answer answer, String line) {
        try {
            return "OK " + answer.to(line.split(" ", 4));
        } catch (Exception | AssertionError e) {
            var text = new StringBuilder("FAILED ").append(e);
            for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
                text.append(" <- ").append(cause);
            }
            return text.toString();
        }
    }
}
