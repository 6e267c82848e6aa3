//! The certificate verifier of the `danger_` methods, which skips checks.

use std::sync::Arc;

use rustls::{
    Error, RootCertStore,
    client::{
        danger::{ServerCertVerified, ServerCertVerifier},
        verify_server_cert_signed_by_trust_anchor,
    },
    crypto::CryptoProvider,
    pki_types::{CertificateDer, ServerName, UnixTime},
    server::ParsedCertificate,
};

use crate::tls::signatures::verify_signatures;

/// A verifier that accepts certificates for any host.
#[derive(Debug)]
pub(super) struct AnyHost {
    pub(super) provider: Arc<CryptoProvider>,
    /// The trust roots. `None`: accepts any certificate, even an expired one.
    pub(super) roots: Option<RootCertStore>,
}

impl ServerCertVerifier for AnyHost {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        if let Some(roots) = &self.roots {
            verify_server_cert_signed_by_trust_anchor(
                &ParsedCertificate::try_from(end_entity)?,
                roots,
                intermediates,
                now,
                self.provider.signature_verification_algorithms.all,
            )?;
        }
        Ok(ServerCertVerified::assertion())
    }

    verify_signatures!();
}
