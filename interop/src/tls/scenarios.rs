//! Who shows which certificate to whom, and whether they come together: the cases of Java's `TlsTest` and a few more.

use super::certificates::Identity;
use super::settings::Settings;

/// One server, one client, one call.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scenario {
    pub(super) name: &'static str,
    pub(super) settings: Settings,
    pub(super) end: End,
}

/// How the call ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    Answered,
    /// At once, and not by a time-out.
    Refused,
    /// By a client that verifies host names.
    RefusedForItsHost,
    /// If the client shows the certificate that it has.
    RefusedIfShown,
}

const fn answered(name: &'static str, settings: Settings) -> Scenario {
    Scenario { name, settings, end: End::Answered }
}

const fn refused(name: &'static str, settings: Settings) -> Scenario {
    Scenario { name, settings, end: End::Refused }
}

const MUTUAL: Settings = Settings::MUTUAL;
const ONE_WAY: Settings = Settings::ONE_WAY;
const PERMISSIVE: Settings = Settings { mode: "permissive", ..ONE_WAY };
const DISABLED: Settings = Settings { mode: "disabled", ..ONE_WAY };

pub(super) const SCENARIOS: [Scenario; 26] = [
    answered("tls-mutual", MUTUAL),
    answered("tls-mutual/1.2", Settings { protocols: "TLSv1.2", ..MUTUAL }),
    answered("tls-mutual/1.3", Settings { protocols: "TLSv1.3", ..MUTUAL }),
    answered("tls-encrypted-key", Settings { client: Some(Identity::EncryptedClient), ..MUTUAL }),
    answered("tls-encrypted-key/pkcs12", Settings { client: Some(Identity::OldEncryptedClient), ..MUTUAL }),
    refused("tls-require-untrusted", Settings { client: Some(Identity::UntrustedClient), ..MUTUAL }),
    refused("tls-require-missing", Settings { client: None, ..MUTUAL }),
    refused("tls-require-missing/1.2", Settings { client: None, protocols: "TLSv1.2", ..MUTUAL }),
    answered(
        "tls-require-any",
        Settings { client: Some(Identity::UntrustedClient), auth_client: false, ..MUTUAL },
    ),
    refused("tls-require-any-missing", Settings { client: None, auth_client: false, ..MUTUAL }),
    answered("tls-optional", Settings { need_client_auth: "optional", ..MUTUAL }),
    answered("tls-optional-missing", Settings { need_client_auth: "optional", client: None, ..MUTUAL }),
    Scenario {
        name: "tls-optional-untrusted",
        settings: Settings {
            need_client_auth: "optional",
            client: Some(Identity::UntrustedClient),
            ..MUTUAL
        },
        end: End::RefusedIfShown,
    },
    answered("tls-none", Settings { need_client_auth: "none", ..MUTUAL }),
    answered("tls-none-missing", ONE_WAY),
    answered("tls-none-missing/1.2", Settings { protocols: "TLSv1.2", ..ONE_WAY }),
    answered("tls-none-missing/1.3", Settings { protocols: "TLSv1.3", ..ONE_WAY }),
    refused("tls-untrusted-server", Settings { server: Identity::UntrustedServer, ..ONE_WAY }),
    answered(
        "tls-untrusted-server-accepted",
        Settings { server: Identity::UntrustedServer, auth_server: false, ..ONE_WAY },
    ),
    Scenario {
        name: "tls-other-host",
        settings: Settings { server: Identity::OtherHost, ..ONE_WAY },
        end: End::RefusedForItsHost,
    },
    answered("tls-permissive", PERMISSIVE),
    answered("tls-permissive-mutual", Settings { mode: "permissive", ..MUTUAL }),
    answered("tls-permissive-plaintext", Settings { client_tls: false, ..PERMISSIVE }),
    refused("tls-disabled", DISABLED),
    answered("tls-disabled-plaintext", Settings { client_tls: false, ..DISABLED }),
    refused("tls-enforcing-plaintext", Settings { client_tls: false, ..ONE_WAY }),
];

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::SCENARIOS;

    #[test]
    fn each_case_has_a_name_of_its_own() {
        let names: HashSet<&str> = SCENARIOS.iter().map(|scenario| scenario.name).collect();
        assert_eq!(names.len(), SCENARIOS.len());
        assert!(names.iter().all(|name| name.starts_with("tls-")));
    }
}
