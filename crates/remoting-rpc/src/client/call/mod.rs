//! A call by address: its fast path, its slow path, and what its end means for it and for its channel.

mod invoke;
mod settle;
mod slow_path;

pub(super) use self::invoke::CallByAddress;
pub use self::invoke::Invoke;
pub(super) use self::settle::Attempt;
