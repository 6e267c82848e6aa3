//! Verification of the handshake signature, which proves that a peer has the key of its certificate.
//!
//! rustls parses the certificate for this and rejects X.509 version 1, even if the verifier accepts it.
//! Therefore the key of such a certificate is extracted here. The signature is always verified by rustls' own
//! algorithms.

use rustls::{
    CertificateError, DigitallySignedStruct, Error, PeerMisbehaved,
    client::danger::HandshakeSignatureValid,
    crypto::{
        WebPkiSupportedAlgorithms, verify_tls12_signature, verify_tls13_signature,
        verify_tls13_signature_with_raw_key,
    },
    pki_types::{CertificateDer, SubjectPublicKeyInfoDer},
};
use x509_cert::{
    Certificate, Version,
    der::{Decode, Encode, asn1::AnyRef},
    spki::SubjectPublicKeyInfoOwned,
};

pub(super) fn verify_tls12(
    message: &[u8],
    certificate: &CertificateDer<'_>,
    signature: &DigitallySignedStruct,
    algorithms: &WebPkiSupportedAlgorithms,
) -> Result<HandshakeSignatureValid, Error> {
    let Some(key) = version_1_key(certificate) else {
        return verify_tls12_signature(message, certificate, signature, algorithms);
    };
    let unreadable = |_| Error::InvalidCertificate(CertificateError::BadEncoding);
    let identifier = key.algorithm.to_der().map_err(unreadable)?;
    // rustls compares the identifier without the header of its SEQUENCE.
    let identifier = AnyRef::from_der(&identifier).map_err(unreadable)?.value();
    // A scheme of TLS 1.2 fixes the hash but not the curve, which the key determines.
    let candidates = algorithms
        .mapping
        .iter()
        .find(|(scheme, _)| *scheme == signature.scheme)
        .map(|(_, candidates)| *candidates)
        .ok_or(PeerMisbehaved::SignedHandshakeWithUnadvertisedSigScheme)?;
    let valid = candidates
        .iter()
        .filter(|algorithm| algorithm.public_key_alg_id().as_ref() == identifier)
        .any(|algorithm| {
            let key = key.subject_public_key.raw_bytes();
            algorithm.verify_signature(key, message, signature.signature()).is_ok()
        });
    match valid {
        true => Ok(HandshakeSignatureValid::assertion()),
        false => Err(Error::InvalidCertificate(CertificateError::BadSignature)),
    }
}

pub(super) fn verify_tls13(
    message: &[u8],
    certificate: &CertificateDer<'_>,
    signature: &DigitallySignedStruct,
    algorithms: &WebPkiSupportedAlgorithms,
) -> Result<HandshakeSignatureValid, Error> {
    let Some(key) = version_1_key(certificate) else {
        return verify_tls13_signature(message, certificate, signature, algorithms);
    };
    let key = key.to_der().map_err(|_| Error::InvalidCertificate(CertificateError::BadEncoding))?;
    verify_tls13_signature_with_raw_key(message, &SubjectPublicKeyInfoDer::from(key), signature, algorithms)
}

/// Returns the key of an X.509 version 1 certificate; `None` for other versions.
fn version_1_key(certificate: &CertificateDer<'_>) -> Option<SubjectPublicKeyInfoOwned> {
    let certificate = Certificate::from_der(certificate).ok()?;
    let certificate = certificate.tbs_certificate();
    (certificate.version() == Version::V1).then(|| certificate.subject_public_key_info().clone())
}

/// Implements the three signature methods of a verifier, for a client or a server. The verifier needs a field
/// `provider`. The peer must have the key of its certificate, even if the verifier skips other checks.
macro_rules! verify_signatures {
    () => {
        fn verify_tls12_signature(
            &self,
            message: &[u8],
            certificate: &rustls::pki_types::CertificateDer<'_>,
            signature: &rustls::DigitallySignedStruct,
        ) -> Result<rustls::client::danger::HandshakeSignatureValid, rustls::Error> {
            let algorithms = &self.provider.signature_verification_algorithms;
            $crate::tls::signatures::verify_tls12(message, certificate, signature, algorithms)
        }

        fn verify_tls13_signature(
            &self,
            message: &[u8],
            certificate: &rustls::pki_types::CertificateDer<'_>,
            signature: &rustls::DigitallySignedStruct,
        ) -> Result<rustls::client::danger::HandshakeSignatureValid, rustls::Error> {
            let algorithms = &self.provider.signature_verification_algorithms;
            $crate::tls::signatures::verify_tls13(message, certificate, signature, algorithms)
        }

        fn supported_verify_schemes(&self) -> Vec<rustls::SignatureScheme> {
            self.provider.signature_verification_algorithms.supported_schemes()
        }
    };
}
pub(super) use verify_signatures;
