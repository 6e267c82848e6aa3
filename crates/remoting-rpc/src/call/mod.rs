//! A call of this side, from its time budget to its response.

mod budget;
mod callback;
mod hooks;
mod invoke;
mod machine;
mod oneway;
#[cfg(feature = "tower")]
mod readiness;
#[cfg(feature = "tower")]
mod reserved_permit;
mod response;
#[cfg(feature = "tower")]
mod service;
mod success;
mod typed;

pub(crate) use self::budget::Budget;
pub(crate) use self::hooks::CallHooks;
pub(crate) use self::machine::{Call, ChannelRef, Polled, take};
#[cfg(feature = "tower")]
pub(crate) use self::readiness::{Callee, Readiness};
#[cfg(feature = "tower")]
pub(crate) use self::reserved_permit::ReservedPermit;
pub use self::response::Response;
#[cfg(feature = "tower")]
pub use self::service::{CallFuture, ChannelService};
pub use self::success::IntoSuccess;
pub use self::typed::TypedCall;
pub(crate) use self::typed::request_of;
