//! The text format of `java.util.Properties`.
//!
//! Brokers and name servers read their configuration files in this format, and exchange it as the body of
//! `UPDATE_BROKER_CONFIG`, `GET_BROKER_CONFIG`, `UPDATE_NAMESRV_CONFIG` and `GET_NAMESRV_CONFIG`.
//!
//! * [`entries`] reads a text entry by entry. It allocates nothing: the caller decides where a key or a value goes,
//!   which matters if it is a secret.
//! * [`push_entry`] writes an entry that Java reads as it was.
//!
//! ```
//! use remoting_protocol::properties::{self, Charset};
//!
//! let text = b"# name server\nlistenPort = 9876\nrocketmqHome = C:\\\\rocketmq\n";
//! let mut read = Vec::new();
//! for entry in properties::entries(text) {
//!     let (mut key, mut value) = (String::new(), String::new());
//!     entry.key().read(Charset::Latin1, &mut key)?;
//!     entry.value().read(Charset::Latin1, &mut value)?;
//!     read.push((key, value));
//! }
//! assert_eq!(read[0], ("listenPort".to_owned(), "9876".to_owned()));
//! assert_eq!(read[1].1, r"C:\rocketmq");
//!
//! let mut written = String::new();
//! properties::push_entry(&mut written, "rocketmqHome", r"C:\rocketmq");
//! assert_eq!(written, "rocketmqHome=C:\\\\rocketmq\n");
//! # Ok::<(), remoting_protocol::properties::PropertiesError>(())
//! ```

mod line;
mod text;
mod write;

#[cfg(test)]
mod tests;

pub use self::line::{Entries, Entry, entries};
pub use self::text::{Charset, PropertiesError, Text};
pub use self::write::push_entry;
