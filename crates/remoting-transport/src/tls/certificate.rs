//! What a peer's certificate says.

use std::{fmt, net::IpAddr, time::SystemTime};

use thiserror::Error;
use x509_cert::{
    Certificate,
    der::Decode,
    ext::pkix::{SubjectAltName, name::GeneralName},
};

/// A certificate that a peer sent.
#[derive(Clone, PartialEq, Eq)]
pub struct PeerCertificate {
    der: Box<[u8]>,
}

/// What a certificate says, as far as one decides by it who the peer is.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct CertificateDetails {
    /// Whose it is, as RFC 4514 writes names: `CN=broker-a,O=Example`.
    pub subject: String,
    /// Who signed it.
    pub issuer: String,
    /// Its number among those of its issuer, in hexadecimal.
    pub serial_number: String,
    /// From when on it is valid.
    pub not_before: SystemTime,
    /// Until when it is valid.
    pub not_after: SystemTime,
    /// The host names among its subject alternative names, patterns such as `*.example.com` included.
    pub dns_names: Vec<String>,
    /// The addresses among them.
    pub ip_addresses: Vec<IpAddr>,
    /// The URIs among them, such as SPIFFE identities.
    pub uris: Vec<String>,
    /// The mail addresses among them.
    pub emails: Vec<String>,
}

/// A certificate that cannot be read.
#[derive(Debug, Clone, Error)]
#[error("the certificate cannot be read: {why}")]
pub struct CertificateError {
    why: String,
}

impl PeerCertificate {
    pub(super) fn new(der: &[u8]) -> Self {
        Self { der: der.into() }
    }

    /// The certificate itself.
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// Reads what it says. It is read anew each time, so that a channel does not hold it twice.
    ///
    /// # Errors
    /// When it does not follow X.509, which a certificate that was not verified may do.
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
