package remoting.interop;

/**
 * What both servers of the interop suite serve and both clients call. The same table in Rust: {@code interop/src/contract.rs}.
 *
 * <p>None of these codes is one of RocketMQ's own, but for the last.
 */
public final class Contract {
    /** Answers with the request's remark, ext fields and body. */
    public static final int ECHO = 9001;
    /** Answers with a text that tells what was decoded: see {@link Seen}. */
    public static final int SEEN = 9002;
    /** Answers with the body, its length and its SHA-256 as the receiver computed them: ext {@code length}, {@code sha256}. */
    public static final int DIGEST = 9003;
    /** One-way: adds one to the counter named by ext {@code key}. */
    public static final int COUNT = 9004;
    /** Answers with the counter named by ext {@code key}: ext {@code count}. */
    public static final int COUNTED = 9005;
    /** Answers after ext {@code millis}. */
    public static final int SLEEP = 9006;
    /** Its processor rejects every request. */
    public static final int REJECTED = 9007;
    /** Runs one request at a time for {@link #NARROW_MILLIS} and queues one: a third is an overload. */
    public static final int NARROW = 9008;
    /** Its processor fails with the text {@link #FAILURE}. */
    public static final int FAIL = 9009;
    /** Invokes {@link #PUSHED} at the caller over the caller's channel and answers what it answered. */
    public static final int PUSH = 9010;
    /** Sends the caller ext {@code count} one-way {@link #NOTIFIED}, then answers. */
    public static final int PUSH_ONEWAY = 9011;
    /** Invokes the code ext {@code target} at the caller and answers the code and remark it got: ext {@code code}, {@code remark}. */
    public static final int PUSH_TO = 9012;
    /** Echo, with hooks: ext {@code abort} ends it by {@link #DENIED}, {@code break} makes the hook itself fail. */
    public static final int HOOKED = 9013;
    /** Answers a typed header with each field changed: see {@link InteropHeader#answer}. */
    public static final int TYPED = 9014;
    /**
     * Answers who serves and who asks: ext {@code server}, {@code peer}; {@code aborts} tells whether hooks of this server can end a
     * request with a code of their own, {@code drains} whether it knows {@code GO_AWAY}.
     */
    public static final int WHO = 9015;
    /** Answers, then shuts this server down gracefully. */
    public static final int DRAIN = 9016;
    /** Decodes a {@link NumberedBody} and answers it with each number one higher. */
    public static final int BODY = 9017;
    /** Answers how many channels were connected, closed and closed for being idle: ext {@code connect}, {@code close}, {@code idle}. */
    public static final int EVENTS = 9018;
    /** Answers after ext {@code millis}, from elsewhere than its processor, which has returned: long polling. */
    public static final int LATER = 9019;
    /** Closes the channel that it came on instead of answering. */
    public static final int HANG_UP = 9020;
    /** Echo, for requests that are signed by {@link #ACCESS_KEY}; all others are refused: see {@code server.SignatureCheck}. */
    public static final int SIGNED = 9021;
    /** Served by nobody. */
    public static final int UNSUPPORTED = 9099;
    /** {@code POP_MESSAGE}, which 16 bits do not hold: echo. */
    public static final int POP_MESSAGE = 200050;

    /** Served by clients: answers with the request's ext fields and body, and ext {@code by}. */
    public static final int PUSHED = 9101;
    /** Served by clients, one-way: counted. */
    public static final int NOTIFIED = 9102;
    /** Served by clients, with a processor that fails with the text {@link #FAILURE}. */
    public static final int PUSHED_FAIL = 9103;

    public static final long NARROW_MILLIS = 400;
    public static final String FAILURE = "boom";
    public static final int DENIED_CODE = 16;
    public static final String DENIED = "denied by hook";
    public static final String HOOK_FAILURE = "hook broke";
    public static final String REJECT_REMARK = "[REJECTREQUEST]system busy, start flow control for a while";
    public static final String OVERLOAD_REMARK = "[OVERLOAD]system busy, start flow control for a while";
    public static final int GO_AWAY = 1500;
    public static final String GO_AWAY_REMARK = "please go away";
    /** The newest version that is served as usual by a server that drains. */
    public static final int LAST_VERSION_WITHOUT_GO_AWAY = 475;

    public static final String ACCESS_KEY = "interop";
    public static final String SECRET_KEY = "sésame, ouvre-toi";
    public static final String NO_ACCESS_KEY = "username cannot be null.";
    public static final String WRONG_SIGNATURE = "check signature failed.";

    private Contract() {
    }
}
