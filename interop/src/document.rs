//! `docs/interop.md`.

use std::path::Path;

use anyhow::Context;

use super::table::Table;

const HEAD: &str = "\
# Interop with the Java implementation

These tests run real programs on both ends over loopback: `NettyRemotingServer` and `NettyRemotingClient` of the official artifacts
`org.apache.rocketmq:rocketmq-remoting` on one side, this project's server and client on the other. The Java programs are in
`interop/src/main/java/`, ours in `interop/src/`. This command writes this file:

```text
cargo xtask interop --write
```

It needs a JDK (17 or newer), Maven, and OpenSSL to encrypt a key. A case whose program is missing is marked as skipped.

In the columns marked ROCKETMQ, Java runs with `-Drocketmq.serialize.type=ROCKETMQ` and responds in that encoding. Otherwise Java
responds in JSON since 5.0, whatever the encoding of the request.

Cases with names ending in `/json` and `/rocketmq` run once with each header encoding.

| cases | checked |
| --- | --- |
| `sync`, `async`, `oneway` | the three kinds of call: opaque, flag, ext fields and body of the response; every one-way request arrives |
| `concurrent-64` | 64 concurrent calls on one connection, each with its own response |
| `answered-later` | the response is sent long after the processor has returned; calls made meanwhile do not wait for it |
| `body-…`, `bodies-…` | a body arrives and returns with the same SHA-256; so do back-to-back frames of many lengths; with both directions full, neither side waits for the other to read first |
| `frame-too-long` | 17 MiB: Java sends the frame, our server closes that connection, and the next call opens another; our client refuses to send it and keeps the connection |
| `ext-…`, `remark-…`, `opaque-extremes`, `code-above-16-bits` | every field reaches the receiver unchanged, and returns unchanged; `\"\"` is absent over ROCKETMQ. A code above 16 bits works in JSON; over ROCKETMQ Java cuts it, and our client refuses to send it |
| `unsupported-code`, `reject`, `overload`, `processor-fails` | code and remark of each response that the remoting layer sends itself |
| `hooks`, `hook-…`, `client-hook-aborts` | hooks of both sides run before and after a request; a hook that aborts sets code and remark; on the calling side it stops the call |
| `signed…` | each side accepts requests signed by the other side's hook, with typed headers, tokens and fields of any kind, and rejects unsigned and wrongly signed requests |
| `typed-…` | both sides read and write headers with every field type, RocketMQ's own `SendMessageRequestHeaderV2`, and a JSON body with integer keys |
| `service-…` | Java calls `examples/greeter`, a service of a `.proto` file, by its request codes with bodies of protobuf-java: a call, metadata as ext fields, a failure as response code and remark, a one-way call with 100 kB, a call back to the Java client, a malformed message, and a method over gRPC alone; the generated client calls a Java server with the same processors: also with a deadline, and a method that it does not know |
| `push-…` | the server calls its client over the client's connection: with and without a response, 32 calls at once, a code that the client does not support, and a processor that fails there |
| `server-hangs-up` | a call fails at once when its connection closes, and the next call reconnects |
| `timeout` | a late response causes a time-out in time, and never reaches another call |
| `idle-…` | the side with the shorter idle time closes; both sides report it; the next call reconnects |
| `go-away-…` | a draining server sends `GO_AWAY` to new clients, and still serves old clients and requests in flight; a client behind a load balancer moves without an error |
| `tls-…` | see below |

The TLS cases are those of Java's `TlsTest` and a few more. Each case writes one `tls.properties` with every key, configures both
sides from it, makes one call of 100 kB, and expects a response or a rejection; a time-out is neither. The certificates
are generated for the run. `/1.2` and `/1.3` allow only that TLS version; Java supports the setting since 5.4, our side always does.
These cases do not run again with ROCKETMQ headers.

| cases | checked |
| --- | --- |
| `tls-mutual…` | each side presents a certificate that the other requires and trusts |
| `tls-encrypted-key…` | the client's key is encrypted with a password: with OpenSSL's default scheme, and (`/pkcs12`) with PBE-SHA1-3DES, one of the schemes of PKCS#12 |
| `tls-require-…` | `need.client.auth=require`: a client without a certificate, or with one of another authority, is rejected; with `authClient=false` (`-any`) the latter is served |
| `tls-optional…` | a client without a certificate is served. A client that presents a certificate of another authority is rejected. Java's client does not present it, because none of the authorities that the server lists has signed it, and is served |
| `tls-none…` | the server requests no client certificate |
| `tls-untrusted-server…`, `tls-other-host` | clients reject a server certificate of another authority, unless `authServer=false`; clients that verify host names also reject a certificate for another host |
| `tls-permissive…`, `tls-disabled…`, `tls-enforcing-…` | which of TLS and plaintext each mode serves; an enforcing server does not execute a plaintext request either |
| `tls-reload` | the server's certificate is replaced and reloaded: a connected client continues over its connection; a client that trusts only the new authority is now served, and a client that trusts only the old authority no longer is |

";

const PRODUCT: &str = "
## Official brokers and clients on our name server

The program `remoting-namesrv` serves brokers of the official artifact `rocketmq-broker`, and clients of `rocketmq-client` and
`rocketmq-tools`. Each client finds each broker through it, and uses that broker for everything a user does.
`cargo xtask interop --product` runs only this part; with `--name-server java` the same cases run on Java's name server 5.5.0.

| cases | checked |
| --- | --- |
| `cluster`, `route`, `topic-lists`, `topic-stats`, `broker-stats` | what `DefaultMQAdminExt` reads: clusters and brokers, the route of a created and of an absent topic, the lists of topics, offsets, the broker's own statistics |
| `kv-config`, `name-server-config`, `order-config`, `write-permission`, `delete-topic` | what it changes: keys and their namespaces, the configuration and what must not be set in it, the order of a topic's queues in its route, a broker's permissions, a topic |
| `send-…` | messages sent by each way of sending arrive, and are pulled from the queues of the route |
| `query-by-key`, `pull-offsets`, `lite-pull`, `push`, `push-ordered` | the ways of consuming, consumer offsets, and the connections of a group |
| `transaction` | messages committed, rolled back, and committed when the broker asks |
| `request-reply` | a reply comes back to the producer |
| `mqadmin-…` | commands of `mqadmin` print the broker |

What concerns one program:

| cases | checked |
| --- | --- |
| `registers`, `registers-again`, `compressed-registration` | a broker registers; it does so again after a restart of the name server; it does so with `compressedRegister=true` |
| `killed-broker-leaves-routes` | after SIGKILL the broker and its topics are gone within seconds |
| `name-server-stops` | a client of two name servers sends without an error while one of them stops, and finds new topics afterwards |
| `go-away`, `clean-exit`, `kv-config-survives` | SIGTERM: a connected client is answered with `GO_AWAY`, the program ends with 0, and what was configured is there after the next start |
| `acting-master` | a master is killed: its slave gets `NOTIFY_MIN_BROKER_ID_CHANGE`, and the route shows it as the master, read-only |
| `tls`, `tls-refuses-plaintext` | brokers and clients use a name server that serves TLS only, which answers no plaintext request |

";

/// Replaces the file.
pub(super) fn write(
    root: &Path,
    versions: &[String],
    table: &Table,
    [cells, alone]: &[Table; 2],
) -> anyhow::Result<()> {
    let today = time::OffsetDateTime::now_utc().date();
    let path = root.join("docs").join("interop.md");
    let text = format!(
        "{HEAD}Last run: {today}, against {}: {} passed, {} failed.\n\n{}{PRODUCT}\
         Last run: {today}: {} passed, {} failed.\n\n{}\n{}",
        versions.join(", "),
        table.passes(),
        table.failures(),
        table.to_markdown(),
        cells.passes() + alone.passes(),
        cells.failures() + alone.failures(),
        cells.to_markdown(),
        alone.to_markdown()
    );
    std::fs::write(&path, text).with_context(|| format!("writing {}", path.display()))
}
