package remoting.interop.golden;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** Everything that text can be: in remarks, and in the keys and values of ext fields. */
final class TextFrames {
    private static final Map<String, String> TEXTS = new LinkedHashMap<>();

    static {
        TEXTS.put("empty", "");
        TEXTS.put("ascii", "TopicTest");
        TEXTS.put("blank", " \t ");
        TEXTS.put("lines", "one\ntwo\r\nthree\n");
        TEXTS.put("quotes", "\"\\/'`{}[]:,&<>");
        TEXTS.put("control", "\0\u0001\u0007\b\u000b\f\u001b\u001f");
        TEXTS.put("delete-and-c1", "\u007f\u0080\u0085\u009f\u00a0");
        TEXTS.put("latin", "caf\u00e9 \u00df");
        TEXTS.put("chinese", "\u4e3b\u9898\u6d4b\u8bd5");
        TEXTS.put("emoji", "\ud83d\ude80\ud83d\udc69\u200d\ud83d\udcbb");
        TEXTS.put("line-separators", "a\u2028b\u2029c");
        TEXTS.put("byte-order-mark", "\ufeffx\uffff");
        TEXTS.put("combining", "e\u0301 \u0627\u0644\u0639\u0631\u0628\u064a\u0629");
        TEXTS.put("like-json", "{\"code\":1,\"extFields\":{\"a\":null}}");
        TEXTS.put("like-escape", "\\u0041 \\n %s ${x}");
        TEXTS.put("300", "0123456789".repeat(30));
    }

    private TextFrames() {
    }

    static void record(Recorder recorder) throws Exception {
        for (var text : TEXTS.entrySet()) {
            int opaque = recorder.nextOpaque();
            recorder.both("remark-" + text.getKey(), () -> CommandFrames.request(opaque, c -> {
                c.setCode(1);
                c.markResponseType();
                c.setRemark(text.getValue());
            }));
        }
        for (var text : TEXTS.entrySet()) {
            ext(recorder, "ext-value-" + text.getKey(), "k", text.getValue());
        }
        ext(recorder, "ext-none");
        ext(recorder, "ext-key-empty", "", "v");
        ext(recorder, "ext-key-chinese", "\u4e3b\u9898", "v");
        ext(recorder, "ext-key-with-dots", "a.b-c_d$e", "v");
        ext(recorder, "ext-value-null", "k", null);
        ext(recorder, "ext-value-null-among-others", "a", "1", "k", null, "z", "26");
        ext(recorder, "ext-value-empty-among-others", "a", "1", "k", "", "z", "26");
        ext(recorder, "ext-two", "topic", "TopicTest", "acceptStandardJsonOnly", "true");
        ext(recorder, "ext-numbers-and-words", "n", "-1", "f", "1.50", "t", "true", "u", "null", "x", "NaN");
        ext(recorder, "ext-hook-keys", "AccessKey", "ak", "Signature", "c2ln", "ReqT", "0", "__ZONE_NAME", "z");
        String[] twenty = new String[40];
        for (int i = 0; i < twenty.length; i += 2) {
            twenty[i] = "key" + i / 2;
            twenty[i + 1] = "value-" + i / 2;
        }
        ext(recorder, "ext-twenty", twenty);
        int opaque = recorder.nextOpaque();
        recorder.both("remark-ext-and-body", () -> CommandFrames.request(opaque, c -> {
            c.markResponseType();
            c.setRemark("\u670d\u52a1\u7e41\u5fd9");
            c.setExtFields(new HashMap<>(Map.of("msgId", "7F0000010000")));
            c.setBody(CommandFrames.pattern(32));
        }));
    }

    private static void ext(Recorder recorder, String name, String... pairs) throws Exception {
        int opaque = recorder.nextOpaque();
        recorder.both(name, () -> CommandFrames.request(opaque, c -> {
            HashMap<String, String> fields = new HashMap<>();
            for (int i = 0; i < pairs.length; i += 2) {
                fields.put(pairs[i], pairs[i + 1]);
            }
            c.setExtFields(fields);
        }));
    }
}
