//! A call by address: its fast path, its slow path, and the consequences of its end.

mod invoke;
mod settle;
mod slow_path;

pub(super) use self::invoke::CallByAddress;
pub use self::invoke::Invoke;
pub(super) use self::settle::Attempt;
