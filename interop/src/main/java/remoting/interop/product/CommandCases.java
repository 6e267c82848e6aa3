package remoting.interop.product;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import org.apache.rocketmq.tools.command.MQAdminStartup;
import remoting.interop.Cases;
import remoting.interop.Expect;

/** Commands of {@code mqadmin}. */
record CommandCases(Cell cell) {
    void run(Cases cases) {
        cases.run("mqadmin-cluster-list", this::clusterList);
        cases.run("mqadmin-topic-route", this::topicRoute);
    }

    private void clusterList() {
        if (cell.isClientBefore5()) {
            throw new Cases.NotApplicable("the command of 4.9 lists all brokers, and fails with what those of 5.x say of themselves");
        }
        String printed = mqadmin("clusterList", "-n", cell.nameServer, "-c", cell.cluster);
        Expect.contains("printed", cell.brokerName, printed);
        Expect.contains("printed", cell.brokerAddr, printed);
    }

    private void topicRoute() throws Exception {
        String topic = cell.topic("mqadmin");
        String printed = mqadmin("topicRoute", "-n", cell.nameServer, "-t", topic);
        Expect.contains("printed", "\"brokerName\":\"" + cell.brokerName + "\"", printed.replace(" ", ""));
        Expect.contains("printed", cell.brokerAddr, printed);
    }

    /** Runs a command in this process and returns what it prints. */
    private static String mqadmin(String... words) {
        var printed = new ByteArrayOutputStream();
        PrintStream standard = System.out;
        System.setOut(new PrintStream(printed, true));
        try {
            MQAdminStartup.main0(words, null);
        } finally {
            System.setOut(standard);
        }
        return printed.toString();
    }
}
