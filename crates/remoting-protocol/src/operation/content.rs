//! The parts of a command that have types of their own.

use std::ops::{Deref, DerefMut};

use bytes::Bytes;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::body::{from_json, to_json};
use crate::{Body, BodyError, ExtFields, HeaderError, RemotingCommand};

/// A typed header: a struct whose fields travel as ext fields. Equivalent of Java's `CommandCustomHeader`.
///
/// There is nothing to implement. The trait marks a struct as a header for [`operation!`](crate::operation!); see
/// [`ext_fields`](crate::ext_fields) for what a header may contain.
pub trait CommandHeader: Serialize + DeserializeOwned + Send + 'static {
    /// Writes the header; see [`RemotingCommand::set_header`].
    ///
    /// # Errors
    ///
    /// Returns a [`HeaderError`] if the header cannot be written.
    #[inline(always)]
    fn encode(&self, command: &mut RemotingCommand) -> Result<(), HeaderError> {
        command.set_header(self)
    }

    /// Reads the header; see [`RemotingCommand::header`].
    ///
    /// # Errors
    ///
    /// Returns a [`HeaderError`] if a field is missing or malformed.
    #[inline(always)]
    fn decode(command: &RemotingCommand) -> Result<Self, HeaderError> {
        command.header()
    }
}

/// A header that some releases leave out. It is `None` if the command has no ext field. If there is any, such as a
/// signature, the required fields of the header must be there, as in Java.
impl<H: CommandHeader> CommandHeader for Option<H> {
    fn encode(&self, command: &mut RemotingCommand) -> Result<(), HeaderError> {
        self.as_ref().map_or(Ok(()), |header| header.encode(command))
    }

    fn decode(command: &RemotingCommand) -> Result<Self, HeaderError> {
        let is_absent = command.ext_fields().is_none_or(ExtFields::is_empty);
        if is_absent { Ok(None) } else { H::decode(command).map(Some) }
    }
}

/// A body that is one JSON document. Equivalent of Java's `RemotingSerializable`.
///
/// The trait has no methods. It marks a type as a [`CommandBody`] that is written by
/// [`to_json`](crate::body::to_json) and read by [`from_json`](crate::body::from_json). For a type that cannot be
/// marked, use [`Json`].
pub trait JsonBody: Serialize + DeserializeOwned + Send + 'static {}

/// A typed body.
///
/// Implemented for every [`JsonBody`], for [`Bytes`], for [`String`], for [`Json`], and for an `Option` of a body, which is `None` if the
/// body is empty.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a body",
    label = "not a body",
    note = "mark a type whose JSON is the body with `impl JsonBody for {Self} {{}}`, or use `Json<{Self}>`"
)]
pub trait CommandBody: Sized + Send + 'static {
    /// Writes the body. `command` has its header already, to which the body may add ext fields, such as a checksum.
    ///
    /// # Errors
    ///
    /// Returns a [`BodyError`] if the value cannot be written.
    fn encode(self, command: &mut RemotingCommand) -> Result<Body, BodyError>;

    /// Reads the body of `command`.
    ///
    /// # Errors
    ///
    /// Returns a [`BodyError`] if the body is not a value of this type.
    fn decode(command: &RemotingCommand) -> Result<Self, BodyError>;
}

impl<T: JsonBody> CommandBody for T {
    fn encode(self, _command: &mut RemotingCommand) -> Result<Body, BodyError> {
        Ok(to_json(&self)?.into())
    }

    fn decode(command: &RemotingCommand) -> Result<Self, BodyError> {
        command.json_body()
    }
}

/// Bytes as they are. Reading them copies nothing.
impl CommandBody for Bytes {
    fn encode(self, _command: &mut RemotingCommand) -> Result<Body, BodyError> {
        Ok(self.into())
    }

    fn decode(command: &RemotingCommand) -> Result<Self, BodyError> {
        match command.external_body() {
            None => Ok(command.body_bytes()),
            Some(external) => Err(BodyError::external::<Self>(external.len())),
        }
    }
}

/// Text as UTF-8.
impl CommandBody for String {
    fn encode(self, _command: &mut RemotingCommand) -> Result<Body, BodyError> {
        Ok(self.into())
    }

    fn decode(command: &RemotingCommand) -> Result<Self, BodyError> {
        match command.external_body() {
            None => std::str::from_utf8(command.body()).map(Self::from).map_err(BodyError::invalid::<Self>),
            Some(external) => Err(BodyError::external::<Self>(external.len())),
        }
    }
}

/// A body that may be absent. An empty body is `None`.
impl<T: CommandBody> CommandBody for Option<T> {
    fn encode(self, command: &mut RemotingCommand) -> Result<Body, BodyError> {
        self.map_or_else(|| Ok(Bytes::new().into()), |body| body.encode(command))
    }

    fn decode(command: &RemotingCommand) -> Result<Self, BodyError> {
        let is_absent = command.external_body().is_none() && command.body().is_empty();
        if is_absent { Ok(None) } else { T::decode(command).map(Some) }
    }
}

/// A value whose body is its JSON, such as a list or a map.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Json<T>(pub T);

impl<T: Serialize + DeserializeOwned + Send + 'static> CommandBody for Json<T> {
    fn encode(self, _command: &mut RemotingCommand) -> Result<Body, BodyError> {
        Ok(to_json(&self.0)?.into())
    }

    fn decode(command: &RemotingCommand) -> Result<Self, BodyError> {
        if let Some(external) = command.external_body() {
            return Err(BodyError::external::<T>(external.len()));
        }
        from_json(command.body()).map(Self)
    }
}

impl<T> Deref for Json<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T> DerefMut for Json<T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.0
    }
}

impl<T> From<T> for Json<T> {
    fn from(value: T) -> Self {
        Self(value)
    }
}
