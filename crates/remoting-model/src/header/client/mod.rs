//! Headers of producers and consumers. Java: package `header`.

mod group;
mod offset;
mod pull;
mod query;
mod queue;
mod send;
mod transaction;

pub use self::group::*;
pub use self::offset::*;
pub use self::pull::*;
pub use self::query::*;
pub use self::queue::*;
pub use self::send::*;
pub use self::transaction::*;
