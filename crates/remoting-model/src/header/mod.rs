//! Typed headers, under the names of Java's classes.
//!
//! A header is a plain serde struct: [`RemotingCommand::with_header`] writes it into the ext fields of a command, and
//! [`RemotingCommand::header`] reads it. The structs cover Java's `CommandCustomHeader` classes of 4.9.8, 5.3.3, 5.5.0
//! and 5.5.1, in both directions; "4.9", where a page says it, is 4.9.8. A field has the Java key in snake case, except
//! where its page names another key.
//!
//! ```
//! use remoting_model::header::GetMaxOffsetRequestHeader;
//! use remoting_model::protocol::{RemotingCommand, RequestCode};
//!
//! let header = GetMaxOffsetRequestHeader { topic: "orders".to_owned(), queue_id: 3, ..Default::default() };
//! let request = RemotingCommand::request(RequestCode::GET_MAX_OFFSET).with_header(&header)?;
//! assert_eq!(request.ext_field("queueId"), Some("3"));
//! assert_eq!(request.header::<GetMaxOffsetRequestHeader>()?, header);
//! # Ok::<(), remoting_model::protocol::HeaderError>(())
//! ```
//!
//! The sources have a folder for each of these groups: `namesrv` what a name server answers or sends, `client` producers
//! and consumers, `pop` and `lite` POP consumers and lite topics, `admin` administration, `controller` controllers, `auth`
//! access control. [`for_each_header!`](crate::for_each_header!) has all names.
//!
//! # Absent fields
//!
//! | type of the field | an absent key |
//! |---|---|
//! | `Option<T>` | is `None`: Java may leave the field null, or a release does not have it |
//! | a number, bool or text with a default | is the value with which Java's constructor starts: mostly zero, false or `""` |
//! | other | is [`HeaderError::Missing`], which names the key. Java marks the field `@CFNotNull` in each release |
//!
//! Java only logs that a `@CFNotNull` field is missing and goes on with null, which usually ends in a
//! `NullPointerException` and the response `SYSTEM_ERROR`.
//!
//! The ROCKETMQ encoding does not distinguish an empty text from an absent one. So a request with an empty required
//! text, such as a topic, is refused in that encoding. Texts of responses, and those that Java itself leaves empty,
//! are read as `""` instead: a response is not lost because its message id is empty.
//!
//! [`RemotingCommand::with_header`]: remoting_protocol::RemotingCommand::with_header
//! [`RemotingCommand::header`]: remoting_protocol::RemotingCommand::header
//! [`HeaderError::Missing`]: remoting_protocol::HeaderError::Missing

mod admin;
mod auth;
mod boundary_type;
mod client;
mod controller;
mod define;
mod for_each;
mod lite;
mod namesrv;
mod pop;
pub mod schema;

pub use self::admin::*;
pub use self::auth::*;
pub use self::boundary_type::BoundaryType;
pub use self::client::*;
pub use self::controller::*;
pub use self::lite::*;
pub use self::namesrv::*;
pub use self::pop::*;
