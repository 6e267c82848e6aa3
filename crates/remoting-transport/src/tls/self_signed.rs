//! The self-signed certificate that a server generates in test mode.

use rustls::{
    ConfigBuilder, ServerConfig,
    pki_types::{CertificateDer, PrivatePkcs8KeyDer},
    server::WantsServerCert,
};

use super::error::TlsError;

pub(super) fn configure(
    builder: ConfigBuilder<ServerConfig, WantsServerCert>,
) -> Result<ServerConfig, TlsError> {
    tracing::warn!("TLS test mode: the server signs its own certificate, which proves nothing to a client");
    let failed = |why: String| TlsError::setting("self-signed certificate", why);
    let hosts = ["localhost", "127.0.0.1", "::1"].map(str::to_owned);
    let made = rcgen::generate_simple_self_signed(hosts).map_err(|error| failed(error.to_string()))?;
    let key = PrivatePkcs8KeyDer::from(made.signing_key.serialize_der());
    builder
        .with_single_cert(vec![CertificateDer::from(made.cert)], key.into())
        .map_err(|error| failed(error.to_string()))
}
