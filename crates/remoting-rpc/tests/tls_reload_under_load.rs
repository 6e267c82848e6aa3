//! Certificates are reloaded continuously while many connections make calls.
#![cfg(feature = "tls")]
#![expect(clippy::unwrap_used, reason = "a test fails by a panic")]

#[path = "../../remoting-transport/tests/certificates/mod.rs"]
mod certificates;

mod deadline;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use certificates::{Authority, Folder};
use deadline::Deadline;
use remoting_rpc::transport::protocol::{RemotingCommand, RequestCode, ResponseCode};
use remoting_rpc::transport::tls::{
    ClientTls, ClientTlsConfig, Pem, ServerTls, ServerTlsConfig, TlsIdentity, TrustRoots,
};
use remoting_rpc::{ClientConfig, Executor, RemotingClient, RemotingServer};

const ECHO: RequestCode = RequestCode(1001);
/// A limit that is never reached, even on a busy machine.
const TIMEOUT: Duration = Duration::from_secs(3600);
const CLIENTS: usize = 50;
const RELOADS: usize = 200;

fn new_client(roots: &str) -> RemotingClient {
    let config = ClientTlsConfig::new(TrustRoots::pem(Pem::text(roots))).danger_skip_host_name();
    let tls = ClientTls::new(config).unwrap();
    RemotingClient::builder().tls(tls).config(ClientConfig::new().connect_timeout(TIMEOUT)).build().unwrap()
}

async fn call(client: &RemotingClient, server: &RemotingServer) {
    let request = RemotingCommand::request(ECHO).with_body(vec![7; 2_000]);
    assert_eq!(client.invoke(server.local_addr(), request, TIMEOUT).await.unwrap().body().len(), 2_000);
}

/// Returns the number of open file descriptors of this process, or `None` if it cannot be counted.
fn open_files() -> Option<usize> {
    Some(std::fs::read_dir("/proc/self/fd").ok()?.count())
}

/// Returns the resident memory of this process in pages, or `None` if it cannot be read.
fn resident_pages() -> Option<u64> {
    std::fs::read_to_string("/proc/self/statm").ok()?.split(' ').nth(1)?.parse().ok()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_hundred_reloads_fail_no_call_and_leave_neither_files_nor_memory_behind() {
    let (authority, folder) = (Authority::new("load"), Folder::new("load"));
    let issued = ["one.test", "two.test"].map(|host| authority.server(&[host]));
    folder.write_issued(&issued[0]);
    let identity = TlsIdentity::files(folder.path("certificate.pem"), folder.path("key.pem"));
    // Reloads explicitly, so that every reload happens.
    let tls = ServerTls::new(ServerTlsConfig::new(identity).watch_files(false)).unwrap();
    let server = RemotingServer::builder()
        .bind("127.0.0.1:0")
        .tls(tls.clone())
        .processor(ECHO, Executor::inline(), |_, request: RemotingCommand| async move {
            Ok(RemotingCommand::response_to(&request, ResponseCode::SUCCESS).with_body(request.into_body()))
        })
        .start()
        .await
        .unwrap();
    let server = Arc::new(server);
    let roots = authority.pem();

    let (over, calls) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
    let mut callers = tokio::task::JoinSet::new();
    let clients: Vec<RemotingClient> = (0..CLIENTS).map(|_| new_client(&roots)).collect();
    for client in &clients {
        call(client, &server).await;
    }
    let files_before = open_files();
    for client in &clients {
        let (client, server, over, calls) =
            (client.clone(), Arc::clone(&server), Arc::clone(&over), Arc::clone(&calls));
        callers.spawn(async move {
            while !over.load(Ordering::Relaxed) {
                call(&client, &server).await;
                calls.fetch_add(1, Ordering::Relaxed);
            }
        });
    }

    let mut pages_early = None;
    for round in 0..RELOADS {
        if round == RELOADS / 4 {
            pages_early = resident_pages();
        }
        let next = round % 2 == 0;
        folder.write_issued(&issued[usize::from(next)]);
        let (tls, seen) = (tls.clone(), calls.load(Ordering::Relaxed));
        tokio::task::spawn_blocking(move || tls.reload().unwrap()).await.unwrap();
        // Occasional new connections, after odd and even rounds, must see the current certificate.
        if round % 21 == 0 {
            let fresh = new_client(&roots);
            call(&fresh, &server).await;
            assert_eq!(host_seen_by(&authority, &server).await, if next { "two.test" } else { "one.test" });
            fresh.shutdown().await;
        }
        let deadline = Deadline::start();
        while calls.load(Ordering::Relaxed) == seen {
            deadline.yield_now().await;
        }
    }
    over.store(true, Ordering::Relaxed);
    while let Some(ended) = callers.join_next().await {
        ended.unwrap();
    }
    assert_eq!(tls.generation(), 1 + RELOADS as u64);
    let first_connections = CLIENTS as u64;
    let probes = 2 * RELOADS.div_ceil(21) as u64;
    assert_eq!(server.listener_statistics().accepted(), first_connections + probes, "nobody connected again");
    // The ends of the probes' connections are on their way through the server: first the channel goes, then its socket.
    let deadline = Deadline::start();
    while server.channels().len() > CLIENTS || open_files() > files_before {
        deadline.sleep().await;
    }
    if let (Some(early), Some(late)) = (pages_early, resident_pages()) {
        // 8 MiB: beyond the noise of the allocator, and 55 KiB for each reload in between.
        assert!(late < early + 2_000, "{early} pages after a quarter of the reloads, {late} after all");
    }
    println!("{} calls while {RELOADS} reloads", calls.load(Ordering::Relaxed));
}

/// Which host name the server's certificate has for a connection that is made now.
async fn host_seen_by(authority: &Authority, server: &RemotingServer) -> String {
    use remoting_rpc::transport::{Bootstrap, ChannelOptions, ConnectOptions};
    let config = ClientTlsConfig::new(TrustRoots::pem(Pem::text(authority.pem()))).danger_skip_host_name();
    let client =
        Bootstrap::new(ChannelOptions::default()).prologue_step(ClientTls::new(config).unwrap().step());
    let connection = client.connect(server.local_addr(), &ConnectOptions::default(), TIMEOUT).await.unwrap();
    let opened = client.open(connection).unwrap();
    let session = opened.channel().tls_session().unwrap();
    session.peer_certificate().unwrap().details().unwrap().dns_names.join(" ")
}
