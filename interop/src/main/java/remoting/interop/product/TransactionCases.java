package remoting.interop.product;

import java.util.Set;
import java.util.TreeSet;
import org.apache.rocketmq.client.producer.LocalTransactionState;
import org.apache.rocketmq.client.producer.TransactionListener;
import org.apache.rocketmq.client.producer.TransactionMQProducer;
import org.apache.rocketmq.common.message.Message;
import org.apache.rocketmq.common.message.MessageExt;
import remoting.interop.Cases;
import remoting.interop.Expect;

/** Transactions: committed, rolled back, and settled when the broker asks. */
record TransactionCases(Cell cell) {
    void run(Cases cases) {
        cases.run("transaction", this::transaction);
    }

    /** The local transaction ends as the body says. What it leaves open is committed when the broker asks. */
    private static final class ByBody implements TransactionListener {
        @Override
        public LocalTransactionState executeLocalTransaction(Message message, Object argument) {
            return LocalTransactionState.valueOf(new String(message.getBody()));
        }

        @Override
        public LocalTransactionState checkLocalTransaction(MessageExt message) {
            var state = LocalTransactionState.valueOf(Cell.body(message));
            return state == LocalTransactionState.UNKNOW ? LocalTransactionState.COMMIT_MESSAGE : state;
        }
    }

    private void transaction() throws Exception {
        String topic = cell.topic("transaction");
        var producer = new TransactionMQProducer(cell.unique("transaction-group"));
        cell.reach(producer);
        producer.setTransactionListener(new ByBody());
        producer.start();
        for (LocalTransactionState state : LocalTransactionState.values()) {
            var result = producer.sendMessageInTransaction(Cell.message(topic, state.name()), null);
            Expect.equal("state", state, result.getLocalTransactionState());
        }
        // The broker asks for the open one after the others are settled. It may ask for a settled one too, whose end is
        // one-way, so that a message may come twice.
        var delivered = new TreeSet<String>();
        Await.until("the open one is delivered", () -> {
            delivered.addAll(cell.readBodies(topic, 1));
            return delivered.contains(LocalTransactionState.UNKNOW.name());
        });
        Expect.equal("messages", Set.of("COMMIT_MESSAGE", "UNKNOW"), delivered);
    }
}
