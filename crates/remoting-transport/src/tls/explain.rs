//! Texts of TLS errors that name the cause and the remedy.

use std::io;

use rustls::{AlertDescription, CertificateError, Error, PeerIncompatible};

/// The peer of the failed connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Peer {
    Client,
    Server,
}

impl Peer {
    const fn name(self) -> &'static str {
        match self {
            Self::Client => "client",
            Self::Server => "server",
        }
    }
}

/// Returns `error` with a text that explains it, if there is one.
pub(super) fn explained(error: io::Error, peer: Peer) -> io::Error {
    match text_of(&error, peer) {
        Some(text) => io::Error::new(error.kind(), text),
        None => error,
    }
}

/// Returns the text for a failed handshake.
pub(super) fn handshake(error: &io::Error, peer: Peer) -> String {
    if let Some(text) = tls_error(error).and_then(|error| text(error, peer)) {
        return text;
    }
    match error.kind() {
        io::ErrorKind::UnexpectedEof
        | io::ErrorKind::ConnectionReset
        | io::ErrorKind::ConnectionAborted
        | io::ErrorKind::BrokenPipe => match peer {
            Peer::Server => {
                "the server ended the connection in the handshake: is TLS on at that port?".to_owned()
            }
            Peer::Client => "the client ended the connection in the handshake".to_owned(),
        },
        _ => error.to_string(),
    }
}

/// Returns whether TLS itself failed, not the stream below it.
pub(super) fn is_tls(error: &io::Error) -> bool {
    tls_error(error).is_some()
}

fn tls_error(error: &io::Error) -> Option<&Error> {
    error.get_ref()?.downcast_ref()
}

fn text_of(error: &io::Error, peer: Peer) -> Option<String> {
    if let Some(error) = tls_error(error) {
        return text(error, peer);
    }
    (error.kind() == io::ErrorKind::UnexpectedEof).then(|| {
        format!(
            "the {}'s bytes ended without TLS close_notify: it crashed, or someone in between cut the connection",
            peer.name()
        )
    })
}

fn text(error: &Error, peer: Peer) -> Option<String> {
    let who = peer.name();
    match error {
        Error::InvalidCertificate(why) => {
            Some(format!("the {who}'s certificate is refused: {}", certificate(why)))
        }
        Error::NoCertificatesPresented => Some(format!("the {who} sent no certificate, and one is required")),
        Error::AlertReceived(alert) => Some(format!("the {who} refused: {}", alert_text(*alert))),
        Error::InvalidMessage(_) => {
            Some(format!("the {who} answered with something that is not TLS ({error})"))
        }
        Error::PeerIncompatible(why) => {
            Some(format!("nothing in common with the {who}: {}", incompatible(why)))
        }
        Error::NoApplicationProtocol => {
            Some(format!("the {who} knows none of the application protocols (ALPN)"))
        }
        _ => None,
    }
}

pub(super) fn certificate(why: &CertificateError) -> String {
    match why {
        CertificateError::UnknownIssuer => {
            "nobody among the trust roots signed it; does it come with its intermediate certificates?"
                .to_owned()
        }
        CertificateError::InvalidPurpose | CertificateError::InvalidPurposeContext { .. } => {
            format!("it was issued for another use ({why})")
        }
        CertificateError::Other(other) if other.to_string().contains("CaUsedAsEndEntity") => {
            "it is the certificate of an authority (CA:TRUE), which cannot be a host's; \
             make one without that and trust the authority"
                .to_owned()
        }
        CertificateError::Other(other) if other.to_string().contains("UnsupportedCertVersion") => {
            "it is of X.509 version 1; issue a version 3 certificate, with subject alternative names"
                .to_owned()
        }
        other => other.to_string(),
    }
}

fn alert_text(alert: AlertDescription) -> String {
    let meaning = match alert {
        AlertDescription::CertificateRequired => "it requires a certificate of this side",
        AlertDescription::UnknownCA => "it does not trust who signed this side's certificate",
        AlertDescription::CertificateExpired => "this side's certificate has expired",
        AlertDescription::CertificateRevoked => "this side's certificate has been revoked",
        AlertDescription::BadCertificate
        | AlertDescription::UnsupportedCertificate
        | AlertDescription::CertificateUnknown => "it does not accept this side's certificate",
        AlertDescription::ProtocolVersion => "it speaks no TLS version that this side allows",
        AlertDescription::HandshakeFailure => {
            "no cipher suite in common, or it requires a certificate of this side"
        }
        AlertDescription::UnrecognisedName => "it does not know the host name",
        AlertDescription::NoApplicationProtocol => "it knows none of the application protocols (ALPN)",
        _ => return format!("alert {alert:?}"),
    };
    format!("{meaning} (alert {alert:?})")
}

fn incompatible(why: &PeerIncompatible) -> String {
    match why {
        PeerIncompatible::NoCipherSuitesInCommon => "no cipher suite; see tls.ciphers".to_owned(),
        PeerIncompatible::Tls12NotOffered
        | PeerIncompatible::Tls12NotOfferedOrEnabled
        | PeerIncompatible::Tls13RequiredForQuic
        | PeerIncompatible::SupportedVersionsExtensionRequired
        | PeerIncompatible::ServerTlsVersionIsDisabledByOurConfig
        | PeerIncompatible::ServerDoesNotSupportTls12Or13 => {
            format!("no TLS version ({why:?}); see tls.protocols")
        }
        other => format!("{other:?}"),
    }
}
