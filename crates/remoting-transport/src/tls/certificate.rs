//! A peer's certificate and its fields.

use std::{fmt, net::IpAddr, time::SystemTime};

use thiserror::Error;
use x509_cert::{
    Certificate,
    der::Decode,
    ext::pkix::{SubjectAltName, name::GeneralName},
};

/// A certificate that a peer sent.
///
/// Its `Debug` output shows only the subject.
#[derive(Clone, PartialEq, Eq)]
pub struct PeerCertificate {
    der: Box<[u8]>,
}

/// The main fields of a certificate, returned by [`PeerCertificate::details`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct CertificateDetails {
    /// The owner's name in the format of RFC 4514, such as `CN=broker-a,O=Example`.
    pub subject: String,
    /// The name of the authority that signed the certificate, in the same format.
    pub issuer: String,
    /// The serial number that the issuer assigned, in lower-case hexadecimal.
    pub serial_number: String,
    /// The start of its validity.
    pub not_before: SystemTime,
    /// The end of its validity.
    pub not_after: SystemTime,
    /// The host names among the subject alternative names, including patterns such as `*.example.com`.
    pub dns_names: Vec<String>,
    /// The IP addresses among the subject alternative names.
    pub ip_addresses: Vec<IpAddr>,
    /// The URIs among the subject alternative names, such as SPIFFE identities.
    pub uris: Vec<String>,
    /// The e-mail addresses among the subject alternative names.
    pub emails: Vec<String>,
}

/// The error of a certificate that is not valid X.509, returned by [`PeerCertificate::details`].
#[derive(Debug, Clone, Error)]
#[error("the certificate cannot be read: {why}")]
pub struct CertificateError {
    why: String,
}

impl PeerCertificate {
    pub(super) fn new(der: &[u8]) -> Self {
        Self { der: der.into() }
    }

    /// Returns the certificate in DER.
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// Parses the fields of the certificate. Each call parses again, so that a channel does not hold the
    /// content twice.
    ///
    /// # Errors
    /// Returns [`CertificateError`] if the certificate is not valid X.509. A certificate that was not
    /// verified may be invalid.
    pub fn details(&self) -> Result<CertificateDetails, CertificateError> {
        let unreadable = |error: x509_cert::der::Error| CertificateError { why: error.to_string() };
        let certificate = Certificate::from_der(&self.der).map_err(unreadable)?;
        let certificate = certificate.tbs_certificate();
        let serial_number = certificate.serial_number().as_bytes();
        let mut details = CertificateDetails {
            subject: certificate.subject().to_string(),
            issuer: certificate.issuer().to_string(),
            serial_number: serial_number.iter().map(|byte| format!("{byte:02x}")).collect(),
            not_before: certificate.validity().not_before.to_system_time(),
            not_after: certificate.validity().not_after.to_system_time(),
            dns_names: Vec::new(),
            ip_addresses: Vec::new(),
            uris: Vec::new(),
            emails: Vec::new(),
        };
        if let Some((_critical, SubjectAltName(names))) = certificate.get_extension().map_err(unreadable)? {
            names.iter().for_each(|name| details.add(name));
        }
        Ok(details)
    }
}

impl CertificateDetails {
    fn add(&mut self, name: &GeneralName) {
        match name {
            GeneralName::DnsName(name) => self.dns_names.push(name.to_string()),
            GeneralName::UniformResourceIdentifier(uri) => self.uris.push(uri.to_string()),
            GeneralName::Rfc822Name(email) => self.emails.push(email.to_string()),
            GeneralName::IpAddress(address) => {
                let bytes = address.as_bytes();
                let v4 = <[u8; 4]>::try_from(bytes).map(IpAddr::from);
                self.ip_addresses.extend(v4.or_else(|_| <[u8; 16]>::try_from(bytes).map(IpAddr::from)));
            }
            _ => {}
        }
    }
}

impl fmt::Debug for PeerCertificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.details() {
            Ok(details) => f.debug_tuple("PeerCertificate").field(&details.subject).finish(),
            Err(_) => write!(f, "PeerCertificate({} bytes, unreadable)", self.der.len()),
        }
    }
}
