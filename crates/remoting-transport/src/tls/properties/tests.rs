use super::*;

fn file(text: &str) -> JavaTlsProperties {
    JavaTlsProperties::parse(text.as_bytes()).unwrap()
}

fn server_error(text: &str) -> String {
    file(text).server().unwrap_err().to_string()
}

const IDENTITY: &str = "tls.server.certPath=s.pem\ntls.server.keyPath=s.key\n";

#[test]
fn every_key_reaches_a_configuration_and_no_password_is_shown() {
    let file = file(
        "tls.test.mode.enable=false\n\
         tls.server.mode=permissive\n\
         tls.server.need.client.auth=require\n\
         tls.server.keyPath=/s.key\n\
         tls.server.keyPassword=hush-server\n\
         tls.server.certPath=/s.pem\n\
         tls.server.authClient=true\n\
         tls.server.trustCertPath=/clients.pem\n\
         tls.client.keyPath=/c.key\n\
         tls.client.keyPassword=hush-client\n\
         tls.client.certPath=/c.pem\n\
         tls.client.authServer=true\n\
         tls.client.trustCertPath=/servers.pem\n\
         tls.enable=true\n\
         tls.protocols=TLSv1.3\n\
         tls.ciphers=TLS_AES_128_GCM_SHA256\n",
    );
    assert_eq!(file.unknown_keys().count(), 0);
    assert_eq!(file.client_enabled().unwrap(), Some(true));
    let server = format!("{:?}", file.server().unwrap());
    for part in ["Permissive", "required: true", "/s.pem", "/s.key", "/clients.pem", "TLSv1.3", "TLS_AES_128"]
    {
        assert!(server.contains(part), "{part} in {server}");
    }
    let client = format!("{:?}", file.client().unwrap());
    for part in ["host_name: true", "/c.pem", "/c.key", "/servers.pem", "TLSv1.3", "TLS_AES_128"] {
        assert!(client.contains(part), "{part} in {client}");
    }
    assert!(!format!("{file:?} {server} {client}").contains("hush"));
}

#[test]
fn what_is_not_safe_must_be_written() {
    assert!(format!("{:?}", file(IDENTITY).server().unwrap()).contains("mode: Enforcing"));
    let optional = format!("{IDENTITY}tls.server.need.client.auth=optional\n");
    assert!(server_error(&optional).starts_with("tls.server.authClient: not set"));
    assert!(
        server_error(&format!("{optional}tls.server.authClient=true"))
            .starts_with("tls.server.trustCertPath")
    );
    let trusting = format!("{:?}", file(&format!("{optional}tls.server.authClient=false")).server().unwrap());
    assert!(trusting.contains("AnyCertificate"), "{trusting}");

    let default = format!("{:?}", file("").client().unwrap());
    assert!(default.contains("platform: true") && default.contains("host_name: true"), "{default}");
    let trusting = format!("{:?}", file("tls.client.authServer=false").client().unwrap());
    assert!(trusting.contains("AnyCertificate"), "{trusting}");
}

#[test]
fn values_that_java_would_misunderstand_are_errors() {
    for (line, begins) in [
        ("tls.server.mode=Enforcing", "tls.server.mode"),
        ("tls.server.need.client.auth=required", "tls.server.need.client.auth"),
        ("tls.server.need.client.auth=require\ntls.server.authClient=yes", "tls.server.authClient"),
        ("tls.test.mode.enable=1", "tls.test.mode.enable"),
    ] {
        let error = server_error(&format!("{IDENTITY}{line}"));
        assert!(error.starts_with(begins), "{line}: {error}");
    }
    assert!(server_error("tls.server.certPath=s.pem").starts_with("tls.server.keyPath: not set, though"));
    let error = file("tls.client.keyPath=c.key").client().unwrap_err().to_string();
    assert!(error.starts_with("tls.client.certPath: not set, though"), "{error}");
}

#[test]
fn a_disabled_server_needs_nothing() {
    let disabled = file("tls.server.mode=disabled").server().unwrap();
    assert!(crate::tls::ServerTls::new(disabled).is_ok());
}

#[test]
fn blanks_behind_a_boolean_a_mode_or_a_demand_do_not_count() {
    let padded = file(
        "tls.test.mode.enable=false      \n\
         tls.server.mode=permissive \t\n\
         tls.server.need.client.auth=optional  \n\
         tls.server.authClient=false \n\
         tls.enable=true \n\
         tls.server.certPath=s.pem\n\
         tls.server.keyPath=a key \n",
    );
    let server = format!("{:?}", padded.server().unwrap());
    assert!(server.contains("Permissive") && server.contains("AnyCertificate"), "{server}");
    assert!(server.contains("\"a key \""), "a path keeps its blanks: {server}");
    assert_eq!(padded.client_enabled().unwrap(), Some(true));
}
