package remoting.interop.client;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.apache.rocketmq.remoting.protocol.RemotingCommand;
import org.apache.rocketmq.remoting.protocol.SerializeType;
import remoting.interop.Cases;
import remoting.interop.Contract;
import remoting.interop.Expect;
import remoting.interop.Seen;

/** What a header can hold: each case compares what the server saw, and what came back, with what was sent. */
record FieldCases(Peer peer) {
    private static final String TEXT = "\u4e3b\u9898 \u00e9 \ud83d\ude80 \u2028 \"\\/ \u007f\u0085 tab\t nul\u0000 line\nend";

    void run(Cases cases) {
        for (SerializeType type : SerializeType.values()) {
            String suffix = Requests.suffix(type);
            cases.run("ext-none" + suffix, () -> roundTrip(type, null, null));
            cases.run("ext-empty-map" + suffix, () -> roundTrip(type, new HashMap<>(), null));
            cases.run("ext-null-and-empty" + suffix, () -> {
                var fields = new HashMap<String, String>();
                fields.put("full", "x");
                fields.put("empty", "");
                fields.put("null", null);
                roundTrip(type, fields, null);
            });
            cases.run("ext-unicode" + suffix,
                () -> roundTrip(type, new HashMap<>(Map.of("key", TEXT, "\u952e\u00fc", "v", "looks=odd: {}", "[1,2]")), null));
            cases.run("ext-many" + suffix, () -> {
                var fields = new HashMap<String, String>();
                for (int i = 0; i < 200; i++) {
                    fields.put("key-" + i, "value ".repeat(i % 7) + i);
                }
                roundTrip(type, fields, null);
            });
            cases.run("remark-unicode" + suffix, () -> roundTrip(type, null, TEXT));
            cases.run("remark-empty" + suffix, () -> roundTrip(type, null, ""));
            cases.run("remark-200KiB" + suffix, () -> roundTrip(type, null, "0123456\u4e3b".repeat(20_480)));
            cases.run("opaque-extremes" + suffix, () -> {
                for (int opaque : new int[] {0, -1, 65_536, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
                    RemotingCommand request = Requests.of(Contract.ECHO, type);
                    request.setOpaque(opaque);
                    Expect.equal("opaque", opaque, Expect.success(peer.sync(request)).getOpaque());
                }
            });
        }
        cases.run("code-above-16-bits/json", () -> {
            RemotingCommand request = Requests.with(Contract.POP_MESSAGE, SerializeType.JSON, "k", "v");
            Expect.equal("ext k", "v", Expect.field(Expect.success(peer.sync(request)), "k"));
        });
        // Java cuts the code to 16 bits without a word.
        cases.run("code-above-16-bits/rocketmq", () -> Expect.answer(3, " request type 3442 not supported",
            peer.sync(Requests.of(Contract.POP_MESSAGE, SerializeType.ROCKETMQ))));
    }

    private void roundTrip(SerializeType type, HashMap<String, String> fields, String remark) throws Exception {
        RemotingCommand seen = Expect.success(peer.sync(request(Contract.SEEN, type, fields, remark)));
        Expect.equal("seen by the server", Seen.expected(type, request(Contract.SEEN, type, fields, remark)),
            new String(seen.getBody(), StandardCharsets.UTF_8));

        RemotingCommand echo = Expect.success(peer.sync(request(Contract.ECHO, type, fields, remark)));
        // A server may answer in either encoding.
        SerializeType back = type == SerializeType.ROCKETMQ ? type : echo.getSerializeTypeCurrentRPC();
        Expect.equal("remark that came back", full(remark, back), full(echo.getRemark(), back));
        Expect.equal("ext fields that came back", present(fields, back), present(echo.getExtFields(), back));
    }

    private static RemotingCommand request(int code, SerializeType type, HashMap<String, String> fields, String remark) {
        RemotingCommand request = Requests.of(code, type);
        request.setExtFields(fields == null ? null : new HashMap<>(fields));
        request.setRemark(remark);
        return request;
    }

    /** The binary header knows no empty text. */
    private static String full(String text, SerializeType type) {
        return type == SerializeType.ROCKETMQ && text != null && text.isEmpty() ? null : text;
    }

    private static Map<String, String> present(Map<String, String> fields, SerializeType type) {
        var present = new HashMap<String, String>();
        if (fields != null) {
            fields.forEach((key, value) -> {
                if (full(value, type) != null) {
                    present.put(key, value);
                }
            });
        }
        return present;
    }
}
