//! The supported forms of private keys, and the errors of unusable keys.
#![cfg(feature = "tls-encrypted-keys")]
#![allow(clippy::unwrap_used, reason = "a test says so when it fails")]

use remoting_transport::tls::{Pem, ServerTls, ServerTlsConfig, TlsError, TlsIdentity};

fn path(name: &str) -> String {
    format!("{}/tests/keys/{name}", env!("CARGO_MANIFEST_DIR"))
}

fn file(name: &str) -> Pem {
    Pem::file(path(name))
}

fn rsa(key: &str) -> TlsIdentity {
    TlsIdentity::new(file("rsa-certificate.pem"), file(key))
}

fn load(identity: TlsIdentity) -> Result<ServerTls, TlsError> {
    ServerTls::new(ServerTlsConfig::new(identity))
}

fn refused(identity: TlsIdentity) -> String {
    load(identity).unwrap_err().to_string()
}

#[test]
fn keys_come_in_pkcs8_pkcs1_and_sec1() {
    load(rsa("rsa-pkcs8.pem")).unwrap();
    load(rsa("rsa-pkcs1.pem")).unwrap();
    load(TlsIdentity::new(file("ec-certificate.pem"), file("ec-sec1.pem"))).unwrap();
}

#[test]
fn an_encrypted_key_is_opened_by_its_password() {
    for key in ["rsa-pkcs8-aes256.pem", "rsa-pkcs8-3des-sha1.pem", "rsa-pkcs8-scrypt.pem"] {
        load(rsa(key).password("1234")).unwrap();
        for (identity, why) in
            [(rsa(key), "no password is given"), (rsa(key).password("hush"), "the password is wrong")]
        {
            let error = refused(identity);
            assert!(error.contains(why) && error.contains(key) && !error.contains("hush"), "{error}");
        }
    }
    load(rsa("rsa-pkcs8.pem").password("not needed")).unwrap();
}

#[test]
fn forms_that_are_not_read_are_named_with_the_way_out() {
    let error = refused(rsa("rsa-pkcs8-pbes1.pem").password("1234"));
    assert!(error.contains("not encrypted by PBES2") && error.contains("-topk8 -v2 aes256"), "{error}");
    let error = refused(rsa("rsa-openssl-old.pem").password("1234"));
    assert!(error.contains("openssl pkcs8 -topk8"), "{error}");
}

#[test]
fn a_key_of_another_certificate_is_refused() {
    let error = refused(TlsIdentity::new(file("ec-certificate.pem"), file("rsa-pkcs8.pem")));
    assert!(error.contains("does not belong to the certificate"), "{error}");
}

#[test]
fn what_is_half_written_missing_or_something_else_is_refused() {
    let whole = std::fs::read(path("rsa-pkcs8-aes256.pem")).unwrap();
    let half = Pem::text(&whole[..whole.len() / 2]);
    let error = refused(TlsIdentity::new(file("rsa-certificate.pem"), half).password("1234"));
    assert!(error.contains("half written"), "{error}");

    let error = refused(rsa("no-such-file"));
    assert!(error.starts_with("cannot read a private key") && error.contains("no-such-file"), "{error}");

    let error = refused(TlsIdentity::new(file("rsa-pkcs8.pem"), file("rsa-pkcs8.pem")));
    assert!(error.contains("no BEGIN CERTIFICATE"), "{error}");
    let error = refused(rsa("rsa-certificate.pem"));
    assert!(error.contains("no PKCS#8, PKCS#1 or SEC1 key"), "{error}");
}
