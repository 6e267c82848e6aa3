package remoting.interop.product;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.rocketmq.client.consumer.DefaultMQPushConsumer;
import org.apache.rocketmq.client.consumer.listener.ConsumeConcurrentlyStatus;
import org.apache.rocketmq.client.consumer.listener.MessageListenerConcurrently;
import org.apache.rocketmq.client.producer.RequestCallback;
import org.apache.rocketmq.client.utils.MessageUtil;
import org.apache.rocketmq.common.consumer.ConsumeFromWhere;
import org.apache.rocketmq.common.message.Message;
import remoting.interop.Cases;
import remoting.interop.Expect;

/** A message whose consumer sends a reply, which the broker hands to the producer. */
record RequestReplyCases(Cell cell) {
    private static final String FIRST = "no question";

    void run(Cases cases) {
        cases.run("request-reply", this::requestReply);
    }

    /** Asks with a callback, because the call of client 5.3.3 that waits for the reply returns when the request is sent. */
    private void requestReply() throws Exception {
        String topic = cell.topic("request");
        var consumes = new AtomicBoolean();
        var consumer = new DefaultMQPushConsumer(cell.unique("reply-group"));
        consumer.setNamesrvAddr(cell.nameServer);
        consumer.subscribe(topic, "*");
        // The first message may be stored before the consumer knows its queues.
        consumer.setConsumeFromWhere(ConsumeFromWhere.CONSUME_FROM_FIRST_OFFSET);
        consumer.setMessageListener((MessageListenerConcurrently) (messages, context) -> {
            for (var message : messages) {
                if (Cell.body(message).equals(FIRST)) {
                    consumes.set(true);
                } else {
                    reply(message);
                }
            }
            return ConsumeConcurrentlyStatus.CONSUME_SUCCESS;
        });
        consumer.start();
        // If a client does not send the heartbeat with its new subscription because another one is under way, the broker
        // refuses its pulls ("the subscription is not latest") until the next, 30 s later. A request has 20 s.
        cell.producer.send(Cell.message(topic, FIRST));
        Await.until("the consumer consumes", consumes::get);
        // The broker hands the reply to a producer that it knows by a heartbeat: the next is up to 30 s away, too.
        Await.until("the broker knows the producer", () -> !cell.admin
            .examineProducerConnectionInfo(cell.producer.getProducerGroup(), topic).getConnectionSet().isEmpty());
        var reply = new CompletableFuture<Message>();
        cell.producer.request(Cell.message(topic, "question"), new RequestCallback() {
            @Override
            public void onSuccess(Message message) {
                // Called with null when the request is sent, and again with the reply.
                if (message != null) {
                    reply.complete(message);
                }
            }

            @Override
            public void onException(Throwable error) {
                reply.completeExceptionally(error);
            }
        }, 20_000);
        String body = new String(reply.get(25, TimeUnit.SECONDS).getBody());
        Expect.equal("reply", "reply to question", body);
    }

    private void reply(Message question) {
        try {
            String body = "reply to " + new String(question.getBody());
            cell.producer.send(MessageUtil.createReplyMessage(question, body.getBytes()));
        } catch (Exception e) {
            // The request then ends with its time-out.
            e.printStackTrace();
        }
    }
}
