//! `docs/interop.md`.

use std::path::Path;

use anyhow::Context;

use super::table::Table;

const HEAD: &str = "\
# Interop with the Java implementation

Real programs on both ends: `NettyRemotingServer` and `NettyRemotingClient` of the official artifacts
`org.apache.rocketmq:rocketmq-remoting` on one side, this project's server and client on the other, over loopback. The Java
programs are in `interop/src/main/java/`, ours in `interop/src/`. This file is written by

```text
cargo xtask interop --write
```

which needs a JDK (17 or newer) and Maven, and OpenSSL to encrypt a key; a case for which a program is missing says skip.

The columns marked ROCKETMQ run Java with `-Drocketmq.serialize.type=ROCKETMQ`, so that it answers in that encoding; from 5.0 on
it answers in JSON otherwise, whatever it was asked in.

What the cases are about: names ending in `/json` and `/rocketmq` run once with each header encoding.

| cases | checked |
| --- | --- |
| `sync`, `async`, `oneway` | the three ways to call; opaque, flag, ext fields and body of the answer; every one-way request arrives |
| `concurrent-64` | 64 calls at once on one connection, each with its own answer |
| `answered-later` | the answer comes long after the processor has returned; calls made meanwhile do not wait for it |
| `body-…`, `bodies-…` | the body arrives, and comes back, with the same SHA-256; also for frames of all lengths close behind one another; with both directions full, nobody waits for the other to read first |
| `frame-too-long` | 17 MiB: Java sends it, our server closes that connection, the next call makes another; our client refuses to send it and keeps the connection |
| `ext-…`, `remark-…`, `opaque-extremes`, `code-above-16-bits` | the receiver saw what was sent, field by field, and so did the sender when it came back; `\"\"` is absent over ROCKETMQ. A code above 16 bits goes through in JSON; over ROCKETMQ Java cuts it, our client refuses to send it |
| `unsupported-code`, `reject`, `overload`, `processor-fails` | code and remark of each answer that the remoting layer gives by itself |
| `hooks`, `hook-…`, `client-hook-aborts` | hooks of both sides run before and after; one that refuses decides code and remark; on the caller's side it stops the call |
| `signed…` | requests signed by the hook of the caller's side are let in by the checks of the other, with typed headers, tokens and fields of any kind; unsigned and wrongly signed ones are refused |
| `typed-…` | headers with every field type, RocketMQ's own `SendMessageRequestHeaderV2`, a JSON body with integer keys: read and written by both sides |
| `push-…` | the server calls its client over the client's connection, with and without an answer, 32 times at once, for a code that the client does not serve and for one that fails there |
| `server-hangs-up` | a call whose connection closes fails at once, and the next one connects anew |
| `timeout` | a late answer ends in a time-out in time, and never reaches another call |
| `idle-…` | the side with less patience closes; both sides report it; the next call connects anew |
| `go-away-…` | a server that drains tells new clients to go away and still serves old ones and what is in flight; a client behind a load balancer moves on unnoticed |
| `tls-…` | see below |

The TLS cases are those of Java's `TlsTest` and a few more. Each writes one `tls.properties`, with every key, from which both sides
configure themselves, makes one call of 100 kB over it, and expects an answer or a refusal; a time-out is neither. The
certificates are made for the run. `/1.2` and `/1.3` allow that TLS version only; Java heeds this from 5.4 on, our side always.
They are not run again with ROCKETMQ headers.

| cases | checked |
| --- | --- |
| `tls-mutual…` | each side shows a certificate that the other demands and trusts |
| `tls-encrypted-key…` | the client's key is behind a password: encrypted as OpenSSL does by default, and (`/pkcs12`) by PBE-SHA1-3DES, one of the schemes of PKCS#12 |
| `tls-require-…` | `need.client.auth=require`: a client with a certificate of another authority, or without one, is refused; with `authClient=false` (`-any`) the first is served |
| `tls-optional…` | a client without a certificate is served. One with a certificate of another authority is refused if it shows it; Java's client does not show it, as none of the authorities that the server names has signed it, and is served |
| `tls-none…` | no client is asked |
| `tls-untrusted-server…`, `tls-other-host` | clients refuse a server whose certificate another authority has signed, unless `authServer=false`; and, if they verify host names, one whose certificate is for another host |
| `tls-permissive…`, `tls-disabled…`, `tls-enforcing-…` | which of TLS and plaintext each mode serves; a plaintext request to an enforcing server is not executed either |
| `tls-reload` | the server's certificate is replaced and loaded anew: the client that is connected goes on over its connection, one that trusts only the new authority is served now, and one that trusts only the old no longer |

";

/// Writes the file anew.
pub(super) fn write(root: &Path, versions: &[String], table: &Table) -> anyhow::Result<()> {
    let today = time::OffsetDateTime::now_utc().date();
    let path = root.join("docs").join("interop.md");
    let text = format!(
        "{HEAD}Last run: {today}, against {}: {} passed, {} failed.\n\n{}",
        versions.join(", "),
        table.passes(),
        table.failures(),
        table.to_markdown()
    );
    std::fs::write(&path, text).with_context(|| format!("writing {}", path.display()))
}
