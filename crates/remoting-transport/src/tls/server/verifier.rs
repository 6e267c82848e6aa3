//! The certificate verifier of `danger_accept_any_client_certificate`, which skips all checks of the
//! certificate.

use std::sync::Arc;

use rustls::{
    DistinguishedName, Error,
    crypto::CryptoProvider,
    pki_types::{CertificateDer, UnixTime},
    server::danger::{ClientCertVerified, ClientCertVerifier},
};

use crate::tls::signatures::verify_signatures;

/// A verifier that accepts any certificate if the client has its key.
#[derive(Debug)]
pub(super) struct AnyClientCertificate {
    pub(super) provider: Arc<CryptoProvider>,
    pub(super) required: bool,
}

impl ClientCertVerifier for AnyClientCertificate {
    fn client_auth_mandatory(&self) -> bool {
        self.required
    }

    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        &[]
    }

    fn verify_client_cert(
        &self,
        _end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _now: UnixTime,
    ) -> Result<ClientCertVerified, Error> {
        Ok(ClientCertVerified::assertion())
    }

    verify_signatures!();
}
