package remoting.interop;

import java.util.TreeMap;
import org.apache.rocketmq.remoting.protocol.RemotingSerializable;

/** A JSON body whose map has integer keys, which {@code RemotingSerializable} writes without quotes. */
public final class NumberedBody extends RemotingSerializable {
    private String name;
    private TreeMap<Integer, Long> offsets = new TreeMap<>();

    public static NumberedBody sample() {
        var body = new NumberedBody();
        body.name = "\u4e3b\u9898 \"quoted\"";
        body.offsets.put(-1, 0L);
        body.offsets.put(0, 7L);
        body.offsets.put(12, 9007199254740993L);
        return body;
    }

    public NumberedBody oneHigher() {
        var body = new NumberedBody();
        body.name = name;
        offsets.forEach((queue, offset) -> body.offsets.put(queue, offset + 1));
        return body;
    }

    public String getName() {
        return name;
    }

    public void setName(String name) {
        this.name = name;
    }

    public TreeMap<Integer, Long> getOffsets() {
        return offsets;
    }

    public void setOffsets(TreeMap<Integer, Long> offsets) {
        this.offsets = offsets;
    }

    @Override
    public String toString() {
        return name + offsets;
    }
}
