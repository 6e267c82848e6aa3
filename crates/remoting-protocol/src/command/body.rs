//! JSON and protobuf bodies of commands.

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::RemotingCommand;
use crate::body::{BodyError, from_json, to_json};

/// # JSON and protobuf bodies
impl RemotingCommand {
    /// Sets the body to the JSON of `value`; see [`to_json`].
    ///
    /// ```
    /// use remoting_protocol::{RemotingCommand, RequestCode};
    ///
    /// let command = RemotingCommand::request(RequestCode::HEART_BEAT).with_json_body(&["a", "b"])?;
    /// assert_eq!(command.body(), br#"["a","b"]"#);
    /// assert_eq!(command.json_body::<Vec<String>>()?, ["a", "b"]);
    /// # Ok::<(), remoting_protocol::BodyError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Returns [`BodyError::Write`] if the `Serialize` implementation of `value` fails.
    pub fn with_json_body<T: Serialize + ?Sized>(self, value: &T) -> Result<Self, BodyError> {
        Ok(self.with_body(to_json(value)?))
    }

    /// Reads the body as JSON; see [`from_json`].
    ///
    /// # Errors
    ///
    /// Returns [`BodyError::Missing`] if the body is empty, [`BodyError::External`] if it is not in memory, and
    /// [`BodyError::Json`] if it is invalid JSON or does not match `T`.
    pub fn json_body<T: DeserializeOwned>(&self) -> Result<T, BodyError> {
        from_json(self.body_in_memory::<T>()?)
    }

    /// Sets the body to a protobuf message.
    #[cfg(feature = "prost")]
    #[must_use]
    pub fn with_proto_body<M: prost::Message>(self, message: &M) -> Self {
        self.with_body(crate::body::to_proto(message))
    }

    /// Reads the body as a protobuf message. An empty body is a message with default values.
    ///
    /// # Errors
    ///
    /// Returns [`BodyError::External`] if the body is not in memory, and [`BodyError::Proto`] if it is not a valid
    /// `M`.
    #[cfg(feature = "prost")]
    pub fn proto_body<M: prost::Message + Default>(&self) -> Result<M, BodyError> {
        self.body_in_memory::<M>()?;
        crate::body::from_proto(self.body_bytes())
    }

    fn body_in_memory<T>(&self) -> Result<&[u8], BodyError> {
        match self.external_body() {
            None => Ok(self.body()),
            Some(external) => Err(BodyError::external::<T>(external.len())),
        }
    }
}
