//! A server with a certificate, and a client that verifies it. Then the certificate is replaced while both run.
//!
//! `cargo run --example tls`. It makes its own authority and certificate; yours come from where you get them.

use std::{error::Error, path::Path, time::Duration};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use remoting::{
    prelude::*,
    tls::{ClientTls, ClientTlsConfig, ServerTls, ServerTlsConfig, TlsIdentity, TrustRoots},
};

const HELLO: RequestCode = RequestCode(20_001);

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    tracing_subscriber::fmt().with_env_filter("info").init();
    let folder = std::env::temp_dir().join("remoting-example-tls");
    std::fs::create_dir_all(&folder)?;
    let authority = authority(&folder)?;
    certificate(&folder, &authority)?;

    // The server. Without `mode` it accepts nothing but TLS.
    let identity = TlsIdentity::files(folder.join("server.pem"), folder.join("server.key"));
    let tls = ServerTls::new(ServerTlsConfig::new(identity))?;
    let server = RemotingServer::builder()
        .bind("127.0.0.1:0")
        .tls(tls.clone())
        .processor(
            HELLO,
            Executor::inline(),
            |context: RequestContext, request: RemotingCommand| async move {
                let session = context.channel().channel().tls_session();
                let text = match session {
                    Some(session) => format!("{}, {}", session.version(), session.cipher_suite()),
                    None => "plaintext".to_owned(),
                };
                Ok(RemotingCommand::response_to(&request, ResponseCode::SUCCESS).with_body(text))
            },
        )
        .start()
        .await?;

    // The client trusts those who are signed by our authority and made out for the host that it dials.
    let client = RemotingClient::builder()
        .tls(ClientTls::new(ClientTlsConfig::new(TrustRoots::file(folder.join("ca.pem"))))?)
        .build()?;
    let response =
        client.invoke(server.local_addr(), RemotingCommand::request(HELLO), Duration::from_secs(3)).await?;
    println!("the server says: {}", String::from_utf8_lossy(response.body()));

    // A new certificate: the server watches its files. Connections that exist go on with the old one.
    certificate(&folder, &authority)?;
    while tls.generation() == 1 {
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    client.invoke(server.local_addr(), RemotingCommand::request(HELLO), Duration::from_secs(3)).await?;
    println!("certificate replaced, {} connection in all", server.listener_statistics().accepted());

    client.shutdown().await;
    server.shutdown().await;
    std::fs::remove_dir_all(&folder)?;
    Ok(())
}

fn authority(folder: &Path) -> Result<CertifiedIssuer<'static, KeyPair>, Box<dyn Error>> {
    let mut params = CertificateParams::new(Vec::new())?;
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority = CertifiedIssuer::self_signed(params, KeyPair::generate()?)?;
    std::fs::write(folder.join("ca.pem"), authority.pem())?;
    Ok(authority)
}

fn certificate(folder: &Path, authority: &CertifiedIssuer<'_, KeyPair>) -> Result<(), Box<dyn Error>> {
    let key = KeyPair::generate()?;
    let hosts = vec!["localhost".to_owned(), "127.0.0.1".to_owned()];
    let certificate = CertificateParams::new(hosts)?.signed_by(&key, authority)?;
    std::fs::write(folder.join("server.pem"), certificate.pem())?;
    std::fs::write(folder.join("server.key"), key.serialize_pem())?;
    Ok(())
}
