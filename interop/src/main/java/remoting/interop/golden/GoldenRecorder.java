package remoting.interop.golden;

import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import remoting.interop.RocketMq;

/**
 * Prints golden frames made by the encoders of the RocketMQ artifact on the class path, one JSON object a line.
 *
 * <pre>java -cp "target/5.5.0/classes:target/5.5.0/lib/*" remoting.interop.golden.GoldenRecorder [FILE]</pre>
 *
 * The same version always prints the same bytes.
 */
public final class GoldenRecorder {
    private GoldenRecorder() {
    }

    public static void main(String[] args) throws Exception {
        RocketMq.announceVersion();
        var out = args.length == 0 ? System.out : new PrintStream(new FileOutputStream(args[0]), false, StandardCharsets.US_ASCII);
        var recorder = new Recorder(out);
        CommandFrames.record(recorder);
        TextFrames.record(recorder);
        HeaderFrames.record(recorder);
        BodyFrames.record(recorder);
        out.flush();
        System.err.println(recorder.count() + " frames of " + RocketMq.version());
    }
}
