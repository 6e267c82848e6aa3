/// Why an entry cannot be added to [`Metadata`](super::Metadata).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MetadataError {
    /// The key has a character that gRPC does not allow.
    #[error("invalid metadata key {key:?}: use lower-case letters, digits, `-`, `_` and `.`")]
    #[non_exhaustive]
    Key {
        /// The key.
        key: Box<str>,
    },
    /// HTTP, gRPC or RocketMQ uses the key itself.
    #[error("metadata key {key:?} is reserved by gRPC, HTTP or RocketMQ: use another name")]
    #[non_exhaustive]
    Reserved {
        /// The key.
        key: Box<str>,
    },
    /// The value is empty, or has a character that is not printable ASCII.
    #[error(
        "the value of metadata key {key:?} is empty or not printable ASCII: use a key that ends with `-bin`, and bytes"
    )]
    #[non_exhaustive]
    Value {
        /// The key.
        key: Box<str>,
    },
    /// The value is text, and the key is one of binary values.
    #[error(
        "metadata key {key:?} ends with `-bin`: its values are bytes, which `insert_bin` and `append_bin` add"
    )]
    #[non_exhaustive]
    TextForBinary {
        /// The key.
        key: Box<str>,
    },
    /// The value is binary, and the key is one of text.
    #[error("the values of metadata key {key:?} are text: the key of binary values ends with `-bin`")]
    #[non_exhaustive]
    BinaryForText {
        /// The key.
        key: Box<str>,
    },
    /// The binary value is empty, which a ROCKETMQ header cannot carry.
    #[error("the binary value of metadata key {key:?} is empty")]
    #[non_exhaustive]
    EmptyBinary {
        /// The key.
        key: Box<str>,
    },
}
