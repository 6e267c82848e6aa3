package remoting.interop;

import java.util.Objects;
import org.apache.rocketmq.remoting.protocol.RemotingCommand;

/** Assertions whose texts become the reason in the table. */
public final class Expect {
    private Expect() {
    }

    public static void equal(String what, Object expected, Object actual) {
        if (!Objects.equals(expected, actual)) {
            throw new AssertionError(what + ": expected " + quoted(expected) + ", got " + quoted(actual));
        }
    }

    private static String quoted(Object value) {
        return value instanceof String ? "\"" + value + "\"" : String.valueOf(value);
    }

    public static void isTrue(String what, boolean condition) {
        if (!condition) {
            throw new AssertionError(what);
        }
    }

    public static void contains(String what, String part, String whole) {
        if (whole == null || !whole.contains(part)) {
            throw new AssertionError(what + ": expected a text with \"" + part + "\", got " + whole);
        }
    }

    /** The response itself, if it says SUCCESS. */
    public static RemotingCommand success(RemotingCommand response) {
        answer(0, response);
        return response;
    }

    public static void answer(int code, RemotingCommand response) {
        if (response.getCode() != code) {
            throw new AssertionError("expected code " + code + ", got " + response.getCode() + " with remark " + response.getRemark());
        }
    }

    public static void answer(int code, String remark, RemotingCommand response) {
        answer(code, response);
        equal("remark", remark, response.getRemark());
    }

    public static String field(RemotingCommand response, String key) {
        return response.getExtFields() == null ? null : response.getExtFields().get(key);
    }
}
