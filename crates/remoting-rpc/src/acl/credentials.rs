use remoting_transport::Secret;

/// The name of a user and the secret key that proves it. Java: `SessionCredentials`.
///
/// The secret key and the token are [`Secret`]s: `Debug` does not print them, and they are wiped on drop.
///
/// ```
/// use remoting_rpc::acl::SessionCredentials;
///
/// let credentials = SessionCredentials::new("alice", "open sesame")?.with_security_token("temporary");
/// assert_eq!(credentials.access_key(), "alice");
/// assert!(!format!("{credentials:?}").contains("sesame"));
/// # Ok::<(), remoting_rpc::acl::CredentialsError>(())
/// ```
#[derive(Debug, Clone)]
pub struct SessionCredentials {
    access_key: String,
    secret_key: Secret,
    security_token: Option<Secret>,
}

/// The error for invalid credentials.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CredentialsError {
    /// The access key is empty.
    #[error("the access key is empty")]
    NoAccessKey,
    /// The secret key is empty, so anyone could sign with it.
    #[error("the secret key is empty")]
    NoSecretKey,
}

impl SessionCredentials {
    /// Creates permanent credentials.
    ///
    /// # Errors
    ///
    /// Returns an error if one of the two is empty.
    pub fn new(
        access_key: impl Into<String>,
        secret_key: impl Into<Secret>,
    ) -> Result<Self, CredentialsError> {
        let (access_key, secret_key) = (access_key.into(), secret_key.into());
        if access_key.is_empty() {
            return Err(CredentialsError::NoAccessKey);
        }
        if secret_key.is_empty() {
            return Err(CredentialsError::NoSecretKey);
        }
        Ok(Self { access_key, secret_key, security_token: None })
    }

    /// Sets the security token of temporary credentials. It is sent with each request and signed.
    #[must_use]
    pub fn with_security_token(mut self, token: impl Into<Secret>) -> Self {
        self.security_token = Some(token.into());
        self
    }

    /// Returns the access key.
    #[must_use]
    pub fn access_key(&self) -> &str {
        &self.access_key
    }

    pub(super) const fn secret_key(&self) -> &Secret {
        &self.secret_key
    }

    pub(super) const fn security_token(&self) -> Option<&Secret> {
        self.security_token.as_ref()
    }
}
