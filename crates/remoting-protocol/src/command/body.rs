//! Bodies of commands.

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::RemotingCommand;
use crate::body::{BodyError, from_json, to_json};

impl RemotingCommand {
    /// Sets the body to `value` as JSON; see [`to_json`].
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
    /// [`BodyError::Write`] if the value's `Serialize` fails.
    pub fn with_json_body<T: Serialize + ?Sized>(self, value: &T) -> Result<Self, BodyError> {
        Ok(self.with_body(to_json(value)?))
    }

    /// Reads the body as JSON; see [`from_json`].
    ///
    /// # Errors
    ///
    /// [`BodyError::Missing`] if there is no body, [`BodyError::External`] if it is not in memory,
    /// [`BodyError::Json`] if it is not such JSON.
    pub fn json_body<T: DeserializeOwned>(&self) -> Result<T, BodyError> {
        from_json(self.body_in_memory::<T>()?)
    }

    /// Sets the body to a protobuf message.
    #[cfg(feature = "prost")]
    #[must_use]
    pub fn with_proto_body<M: prost::Message>(self, message: &M) -> Self {
        self.with_body(crate::body::to_proto(message))
    }

    /// Reads the body as a protobuf message. No body is the message with its default values.
    ///
    /// # Errors
    ///
    /// [`BodyError::External`] if the body is not in memory, [`BodyError::Proto`] if it is no such message.
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
