//! A call of this side, from its time budget to its response.

mod budget;
mod callback;
mod hooks;
mod invoke;
mod machine;

pub(crate) use self::budget::Budget;
pub(crate) use self::hooks::{after_call, before_call};
pub(crate) use self::machine::{Call, ChannelRef, Polled, take};
