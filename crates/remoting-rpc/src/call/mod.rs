//! A call of this side, from its time budget to its response.

mod budget;
mod callback;
mod hooks;
mod invoke;
mod machine;
mod oneway;
mod response;
mod success;
mod typed;

pub(crate) use self::budget::Budget;
pub(crate) use self::hooks::CallHooks;
pub(crate) use self::machine::{Call, ChannelRef, Polled, take};
pub use self::response::Response;
pub use self::success::IntoSuccess;
pub use self::typed::TypedCall;
pub(crate) use self::typed::request_of;
