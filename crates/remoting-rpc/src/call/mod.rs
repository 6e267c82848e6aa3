//! A call of this side, from its time budget to its response.

mod budget;
mod callback;
mod hooks;
mod invoke;
mod machine;
mod success;

pub(crate) use self::budget::Budget;
pub(crate) use self::hooks::{after_call, before_call};
pub(crate) use self::machine::{Call, ChannelRef, Polled, take};
pub use self::success::IntoSuccess;
