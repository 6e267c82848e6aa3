//! The fields of the header that are numbers.

use super::SerializeTypeWord;
use crate::{
    CommandFlags, LanguageCode, MqVersion, RemotingCommand, RequestCode, ResponseCode, SerializeType,
};

/// # Reading the header
impl RemotingCommand {
    /// Returns the code as the number on the wire.
    #[must_use]
    pub const fn code(&self) -> i32 {
        self.code
    }

    /// Returns the code as that of a request.
    #[must_use]
    pub const fn request_code(&self) -> RequestCode {
        RequestCode(self.code)
    }

    /// Returns the code as that of a response.
    #[must_use]
    pub const fn response_code(&self) -> ResponseCode {
        ResponseCode(self.code)
    }

    /// Returns the programming language of the sender.
    #[must_use]
    pub const fn language(&self) -> LanguageCode {
        self.language
    }

    /// Returns the RocketMQ release of the sender.
    #[must_use]
    pub const fn version(&self) -> MqVersion {
        self.version
    }

    /// Returns the number that matches a response to its request.
    #[must_use]
    pub const fn opaque(&self) -> i32 {
        self.opaque
    }

    /// Returns the flag word, including bits without a name.
    #[must_use]
    pub const fn flags(&self) -> CommandFlags {
        self.flags
    }

    /// Returns the encoding of the header: the one it was decoded from, or will be encoded to.
    #[must_use]
    pub const fn serialize_type(&self) -> SerializeType {
        match self.serialize_type {
            SerializeTypeWord::Json => SerializeType::Json,
            SerializeTypeWord::RocketMq => SerializeType::RocketMq,
        }
    }

    /// Returns whether this is a response.
    #[must_use]
    pub const fn is_response(&self) -> bool {
        self.flags.is_response()
    }

    /// Returns whether the one-way bit is set: the sender expects no response.
    #[must_use]
    pub const fn is_oneway(&self) -> bool {
        self.flags.is_oneway()
    }
}
