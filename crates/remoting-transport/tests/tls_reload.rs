//! Certificates, keys and trust roots that change while connections come and go.
#![cfg(feature = "tls")]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by a panic")]

mod certificates;
mod support;

use std::{path::Path, time::Duration};

use certificates::{Authority, Folder};
use remoting_transport::{
    Address, Bootstrap, ConnectOptions, ListenerOptions,
    protocol::ErrorChain,
    tls::{
        ClientAuth, ClientTls, ClientTlsConfig, Pem, ServerTls, ServerTlsConfig, TlsError, TlsIdentity,
        TrustRoots,
    },
};
use support::{Echo, Served, plain, serve};

fn files(folder: &Folder) -> TlsIdentity {
    TlsIdentity::files(folder.path("certificate.pem"), folder.path("key.pem"))
}

fn text(pem: impl Into<Vec<u8>>) -> TrustRoots {
    TrustRoots::pem(Pem::text(pem))
}

async fn echo(tls: &ServerTls) -> Served {
    let bootstrap = plain().prologue_step(tls.step());
    serve("127.0.0.1:0", ListenerOptions::default(), bootstrap, |_| Box::new(Echo)).await
}

/// Connects and tells the host name in the server's certificate, or why that failed.
async fn greeted(address: &Address, client: &Bootstrap) -> Result<String, String> {
    let options = ConnectOptions::default();
    let connection = client.connect(address, &options, Duration::from_secs(20)).await;
    let opened = client.open(connection.map_err(|error| ErrorChain(&error).to_string())?).unwrap();
    let session = opened.channel().tls_session().unwrap();
    Ok(session.peer_certificate().unwrap().details().unwrap().dns_names.join(" "))
}

fn trusting(authority: &Authority) -> Bootstrap {
    let config = ClientTlsConfig::new(text(authority.pem())).danger_skip_host_name();
    plain().prologue_step(ClientTls::new(config).unwrap().step())
}

/// Waits for something that another thread brings about.
async fn until(what: &str, mut done: impl FnMut() -> bool) {
    for _ in 0..1_000 {
        if done() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("not within 20 s: {what}");
}

#[tokio::test]
async fn a_reload_serves_new_connections_and_leaves_the_others_alone() {
    let (authority, folder) = (Authority::new("reload"), Folder::new("reload"));
    folder.write_issued(&authority.server(&["one.test"]));
    let tls = ServerTls::new(ServerTlsConfig::new(files(&folder))).unwrap();
    let (served, client) = (echo(&tls).await, trusting(&authority));
    assert_eq!(greeted(&served.address, &client).await.unwrap(), "one.test");

    folder.write_issued(&authority.server(&["two.test"]));
    assert_eq!(
        greeted(&served.address, &client).await.unwrap(),
        "one.test",
        "not read before the notification"
    );
    assert_eq!(tls.reload().unwrap(), 2);
    assert_eq!(greeted(&served.address, &client).await.unwrap(), "two.test");
}

#[tokio::test]
async fn what_does_not_fit_together_keeps_the_last_good_generation_and_is_reported() {
    let (authority, folder) = (Authority::new("mismatch"), Folder::new("mismatch"));
    folder.write_issued(&authority.server(&["good.test"]));
    let tls = ServerTls::new(ServerTlsConfig::new(files(&folder))).unwrap();
    let (served, client) = (echo(&tls).await, trusting(&authority));

    let next = authority.server(&["next.test"]);
    let half = &next.certificate[..next.certificate.len() / 2];
    for (certificate, why) in [
        (next.certificate.as_str(), "does not belong to the certificate"),
        (half, "not PEM"),
        ("", "no BEGIN CERTIFICATE"),
    ] {
        folder.write("certificate.pem", certificate);
        let error = tls.reload().unwrap_err();
        let error = chain_of(&error);
        assert!(error.contains(why), "{why}: {error}");
        assert_eq!(chain_of(&tls.last_reload_error().unwrap()), error);
        assert_eq!(tls.generation(), 1);
        assert_eq!(greeted(&served.address, &client).await.unwrap(), "good.test");
    }

    folder.write_issued(&next);
    assert_eq!(tls.reload().unwrap(), 2);
    assert!(tls.last_reload_error().is_none());
    assert_eq!(greeted(&served.address, &client).await.unwrap(), "next.test");
}

#[tokio::test]
async fn trust_that_is_withdrawn_ends_for_new_connections_even_those_that_would_resume() {
    let (authority, folder) = (Authority::new("server"), Folder::new("revoked"));
    let (before, after) = (Authority::new("before"), Authority::new("after"));
    folder.write_issued(&authority.server(&["server.test"]));
    let roots = folder.write("roots.pem", before.pem());
    let config = ServerTlsConfig::new(files(&folder))
        .client_auth(ClientAuth::Require, TrustRoots::file(&roots))
        .protocols("TLSv1.2");
    let tls = ServerTls::new(config).unwrap();
    let served = echo(&tls).await;
    let issued = before.client("revoked");
    let config = ClientTlsConfig::new(text(authority.pem()))
        .danger_skip_host_name()
        .identity(TlsIdentity::new(Pem::text(issued.certificate), Pem::text(issued.key)));
    let client = plain().prologue_step(ClientTls::new(config).unwrap().step());
    greeted(&served.address, &client).await.unwrap();
    greeted(&served.address, &client).await.unwrap();

    folder.write("roots.pem", after.pem());
    tls.reload().unwrap();
    let error = greeted(&served.address, &client).await.unwrap_err();
    assert!(error.contains("the server refused"), "{error}");
}

#[tokio::test]
async fn a_client_takes_new_roots_too() {
    let (old, new, folder) = (Authority::new("old"), Authority::new("new"), Folder::new("client"));
    folder.write_issued(&new.server(&["new.test"]));
    let served = echo(&ServerTls::new(ServerTlsConfig::new(files(&folder))).unwrap()).await;
    let roots = folder.write("roots.pem", old.pem());
    let tls = ClientTls::new(ClientTlsConfig::new(TrustRoots::file(&roots)).danger_skip_host_name()).unwrap();
    let client = plain().prologue_step(tls.step());
    assert!(greeted(&served.address, &client).await.unwrap_err().contains("nobody among the trust roots"));

    folder.write("roots.pem", new.pem());
    let _watch = tls.watch().unwrap();
    folder.write("roots.pem", format!("{}\n{}", old.pem(), new.pem()));
    until("the client reloads", || tls.generation() > 1).await;
    assert_eq!(greeted(&served.address, &client).await.unwrap(), "new.test");
}

#[tokio::test]
async fn files_that_change_are_reloaded() {
    let (authority, folder) = (Authority::new("watched"), Folder::new("watched"));
    folder.write_issued(&authority.server(&["one.test"]));
    let tls = ServerTls::new(ServerTlsConfig::new(files(&folder))).unwrap();
    let _watch = tls.watch().unwrap();
    let (served, client) = (echo(&tls).await, trusting(&authority));

    // Written in place, one after the other.
    folder.write_issued(&authority.server(&["two.test"]));
    until("the pair is reloaded", || tls.generation() > 1).await;
    assert_eq!(greeted(&served.address, &client).await.unwrap(), "two.test");

    // Only one of the two: reported, and nothing changes.
    let three = authority.server(&["three.test"]);
    folder.write("key.pem", &three.key);
    until("the mismatch is reported", || tls.last_reload_error().is_some()).await;
    assert_eq!(greeted(&served.address, &client).await.unwrap(), "two.test");
    folder.write("certificate.pem", &three.certificate);
    until("the second half comes", || tls.last_reload_error().is_none()).await;
    assert_eq!(greeted(&served.address, &client).await.unwrap(), "three.test");

    // Replaced by renaming.
    let four = authority.server(&["four.test"]);
    let generation = tls.generation();
    for (name, content) in [("certificate.pem", &four.certificate), ("key.pem", &four.key)] {
        let new = folder.write("new", content);
        std::fs::rename(new, folder.path(name)).unwrap();
    }
    until("the renamed pair is reloaded", || tls.generation() > generation).await;
    assert_eq!(greeted(&served.address, &client).await.unwrap(), "four.test");
}

#[tokio::test(start_paused = true)]
async fn files_that_are_not_watched_any_more_are_not_reloaded() {
    let (authority, folder) = (Authority::new("unwatched"), Folder::new("unwatched"));
    folder.write_issued(&authority.server(&["one.test"]));
    let tls = ServerTls::new(ServerTlsConfig::new(files(&folder))).unwrap();
    drop(tls.watch().unwrap());
    folder.write_issued(&authority.server(&["two.test"]));
    // With or without a notification, a watch would have looked at the files by now.
    tokio::time::sleep(Duration::from_secs(3600)).await;
    assert_eq!(tls.generation(), 1);
    assert_eq!(tls.reload().unwrap(), 2);
}

#[cfg(unix)]
#[tokio::test]
async fn a_link_that_is_turned_is_a_change() {
    let (authority, folder) = (Authority::new("links"), Folder::new("links"));
    let put = |name: &str, host: &str| {
        let issued = authority.server(&[host]);
        std::fs::create_dir_all(folder.path(name)).unwrap();
        folder.write(&format!("{name}/certificate.pem"), &issued.certificate);
        folder.write(&format!("{name}/key.pem"), &issued.key);
    };
    let link = |to: &str| {
        std::os::unix::fs::symlink(Path::new(to), folder.path("new")).unwrap();
        std::fs::rename(folder.path("new"), folder.path("data")).unwrap();
    };
    // As Kubernetes lays out a secret.
    put("version-1", "one.test");
    link("version-1");
    for name in ["certificate.pem", "key.pem"] {
        std::os::unix::fs::symlink(Path::new("data").join(name), folder.path(name)).unwrap();
    }
    let tls = ServerTls::new(ServerTlsConfig::new(files(&folder))).unwrap();
    let _watch = tls.watch().unwrap();
    let (served, client) = (echo(&tls).await, trusting(&authority));
    assert_eq!(greeted(&served.address, &client).await.unwrap(), "one.test");

    put("version-2", "two.test");
    link("version-2");
    until("the link is followed", || tls.generation() > 1).await;
    assert_eq!(greeted(&served.address, &client).await.unwrap(), "two.test");
    assert_eq!(tls.generation(), 2, "one change, one generation");
}

#[tokio::test]
async fn texts_need_no_watching_and_a_folder_that_is_not_there_is_an_error_at_the_start() {
    let (authority, folder) = (Authority::new("texts"), Folder::new("texts"));
    let issued = authority.server(&["text.test"]);
    let identity = TlsIdentity::new(Pem::text(issued.certificate), Pem::text(issued.key));
    let tls = ServerTls::new(ServerTlsConfig::new(identity)).unwrap();
    drop(tls.watch().unwrap());

    let missing = TlsIdentity::files(folder.path("no/certificate.pem"), folder.path("no/key.pem"));
    let error = ServerTls::new(ServerTlsConfig::new(missing)).unwrap_err();
    let error = chain_of(&error);
    assert!(error.starts_with("cannot read a certificate chain"), "{error}");
}

/// The whole of an error, with its sources.
fn chain_of(error: &TlsError) -> String {
    ErrorChain(error).to_string()
}
