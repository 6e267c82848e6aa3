package remoting.interop.client;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.apache.rocketmq.remoting.protocol.RemotingCommand;
import org.apache.rocketmq.remoting.protocol.SerializeType;
import remoting.interop.Contract;
import remoting.interop.Sha256;

/** Bodies of all sizes, checked by digest on both sides. */
record BodyCases(Peer peer) {
    private static final Map<String, Integer> SIZES = new LinkedHashMap<>();

    static {
        SIZES.put("0", 0);
        SIZES.put("1", 1);
        SIZES.put("1KiB", 1 << 10);
        SIZES.put("64KiB", 64 << 10);
        SIZES.put("1MiB", 1 << 20);
        SIZES.put("4MiB", 4 << 20);
    }

    void run(Cases cases) {
        for (SerializeType type : SerializeType.values()) {
            SIZES.forEach((name, size) -> cases.run("body-" + name + Requests.suffix(type), () -> digest(type, size)));
        }
    }

    private void digest(SerializeType type, int size) throws Exception {
        byte[] body = new byte[size];
        new Random(size).nextBytes(body);
        RemotingCommand request = Requests.of(Contract.DIGEST, type);
        request.setBody(body);
        RemotingCommand response = Expect.success(peer.sync(request, 10_000));
        Expect.equal("length at the server", Integer.toString(size), Expect.field(response, "length"));
        Expect.equal("digest at the server", Sha256.hex(body), Expect.field(response, "sha256"));
        Expect.equal("digest of the echo", Sha256.hex(body), Sha256.hex(response.getBody()));
    }
}
