package remoting.interop.server;

import java.util.Optional;
import java.util.TreeMap;
import org.apache.rocketmq.acl.common.AclUtils;
import org.apache.rocketmq.acl.common.SessionCredentials;
import org.apache.rocketmq.remoting.protocol.RemotingCommand;
import remoting.interop.Contract;

/** Checks a signature as brokers do, with the answers of 5.3's {@code DefaultAuthenticationHandler}. */
final class SignatureCheck {
    private SignatureCheck() {
    }

    /** The answer to a request that is not signed by {@link Contract#ACCESS_KEY}. */
    static Optional<RemotingCommand> refusal(RemotingCommand request) {
        var fields = request.getExtFields();
        if (fields == null || !fields.containsKey(SessionCredentials.ACCESS_KEY)) {
            return refusal(Contract.NO_ACCESS_KEY);
        }
        byte[] content = AclUtils.combineRequestContent(request, new TreeMap<>(fields));
        String expected = AclUtils.calSignature(content, Contract.SECRET_KEY);
        boolean signed = fields.get(SessionCredentials.ACCESS_KEY).equals(Contract.ACCESS_KEY)
            && expected.equals(fields.get(SessionCredentials.SIGNATURE));
        return signed ? Optional.empty() : refusal(Contract.WRONG_SIGNATURE);
    }

    private static Optional<RemotingCommand> refusal(String remark) {
        return Optional.of(RemotingCommand.createResponseCommand(Contract.DENIED_CODE, remark));
    }
}
