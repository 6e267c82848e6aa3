//! What is different without a feature: the errors of a configuration that needs it, and files that no one watches.
#![cfg(not(any(feature = "socks", feature = "tls-encrypted-keys")))]
#![allow(clippy::unwrap_used, reason = "a test fails by a panic")]

use remoting::ClientConfig;
use remoting::RemotingClient;
use remoting::transport::{SocksProxies, SocksProxy};

const PROXIES: &str = r#"{"0.0.0.0/0": {"addr": "127.0.0.1:1080"}}"#;

#[test]
fn a_client_with_socks_proxies_is_refused_and_the_feature_named() {
    let property = |name: &str| (name == "socksProxyConfig").then(|| PROXIES.to_owned());
    let proxies =
        SocksProxies::all(SocksProxy::new("127.0.0.1:1080".parse::<remoting::transport::Address>().unwrap()));
    for config in [ClientConfig::from_properties(property), Ok(ClientConfig::new().socks_proxies(proxies))] {
        let error = config.and_then(|config| RemotingClient::builder().config(config).build()).unwrap_err();
        let text = error.to_string();
        assert!(text.contains("socksProxyConfig") && text.contains("feature `socks`"), "{text}");
    }
}

#[cfg(feature = "tls")]
#[test]
fn an_encrypted_key_is_refused_and_the_feature_named() {
    use remoting::tls::{Pem, ServerTls, ServerTlsConfig, TlsIdentity};

    let issued = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let key = "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n";
    let identity = TlsIdentity::new(Pem::text(issued.cert.pem()), Pem::text(key)).password("1234");
    let text = ServerTls::new(ServerTlsConfig::new(identity)).unwrap_err().to_string();
    assert!(text.contains("feature `tls-encrypted-keys`"), "{text}");
}

#[cfg(all(feature = "tls", not(feature = "tls-watch")))]
#[tokio::test(start_paused = true)]
async fn tls_files_are_read_every_ten_seconds() {
    use std::time::Duration;

    use remoting::tls::{ServerTls, ServerTlsConfig, TlsIdentity};
    use tokio::time::sleep;

    let folder = tempfile::tempdir().unwrap();
    let [certificate, key] = ["certificate.pem", "key.pem"].map(|name| folder.path().join(name));
    let write = || {
        let issued = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        std::fs::write(&certificate, issued.cert.pem()).unwrap();
        std::fs::write(&key, issued.signing_key.serialize_pem()).unwrap();
    };
    write();
    let tls = ServerTls::new(ServerTlsConfig::new(TlsIdentity::files(&certificate, &key))).unwrap();
    let _watch = tls.watch().unwrap();
    // Its task begins to wait.
    sleep(Duration::from_millis(1)).await;
    for generation in [1, 2] {
        write();
        sleep(Duration::from_millis(9_990)).await;
        assert_eq!(tls.generation(), generation, "not read before");
        // The clock stands still while a thread reads the files.
        sleep(Duration::from_millis(10)).await;
        assert_eq!(tls.generation(), generation + 1);
    }
    sleep(Duration::from_secs(60)).await;
    assert_eq!(tls.generation(), 3, "only a change is a new generation");
}
