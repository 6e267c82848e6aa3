package remoting.interop;

import org.apache.rocketmq.remoting.CommandCustomHeader;

/** A typed header with a field of every type that {@code RemotingCommand} can carry. */
public final class InteropHeader implements CommandCustomHeader {
    private String topic;
    private String absent;
    private Integer queueId;
    private int retries;
    private Long offset;
    private long timestamp;
    private Boolean ordered;
    private boolean unit;
    private Double ratio;
    private double load;

    @Override
    public void checkFields() {
    }

    public static InteropHeader sample() {
        var header = new InteropHeader();
        header.topic = "T\u4e3b\u9898";
        header.queueId = Integer.MIN_VALUE;
        header.retries = 3;
        header.offset = Long.MAX_VALUE - 1;
        header.timestamp = -1;
        header.ordered = true;
        header.unit = false;
        header.ratio = 0.5;
        header.load = -2.25;
        return header;
    }

    /** Copies this header into {@code answer} with each field changed, so that no field can pass by not being read. */
    public void answer(InteropHeader answer) {
        answer.topic = topic + "!";
        answer.absent = absent;
        answer.queueId = queueId + 1;
        answer.retries = retries + 1;
        answer.offset = offset + 1;
        answer.timestamp = timestamp + 1;
        answer.ordered = !ordered;
        answer.unit = !unit;
        answer.ratio = ratio * 2;
        answer.load = load * 2;
    }

    @Override
    public String toString() {
        return "topic=" + topic + " absent=" + absent + " queueId=" + queueId + " retries=" + retries + " offset=" + offset
            + " timestamp=" + timestamp + " ordered=" + ordered + " unit=" + unit + " ratio=" + ratio + " load=" + load;
    }

    // RemotingCommand reads and writes the fields themselves.
}
