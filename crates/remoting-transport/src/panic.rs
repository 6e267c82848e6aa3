//! Contains panics of user code. Our tasks call handlers, filters, listeners, hooks, processors and callbacks through
//! these functions.

use std::any::Any;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::{Context, Poll};

/// The kept length of a panic's message, in characters.
const LONGEST_TEXT: usize = 1024;

/// Calls a function of the user. If it panics, returns the message of the panic.
///
/// After a panic, the captured values may only be dropped or reset.
#[inline]
pub fn catch_panic<T>(function: impl FnOnce() -> T) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(function)).map_err(message)
}

/// Polls a future of the user. If it panics, returns the message of the panic, and the future must not be polled again.
pub fn poll_catching_panic<F: Future + ?Sized>(
    future: Pin<&mut F>,
    cx: &mut Context<'_>,
) -> Poll<Result<F::Output, String>> {
    match catch_panic(|| future.poll(cx)) {
        Ok(poll) => poll.map(Ok),
        Err(panic) => Poll::Ready(Err(panic)),
    }
}

/// Returns the message of a panic. A payload that panics when dropped is leaked.
fn message(panic: Box<dyn Any + Send>) -> String {
    let text = panic.downcast_ref::<&'static str>().copied();
    let text = text.or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    let text = text.unwrap_or("no message").chars().take(LONGEST_TEXT).collect();
    if let Err(again) = catch_unwind(AssertUnwindSafe(move || drop(panic))) {
        std::mem::forget(again);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    struct PanicsAtDrop;

    impl Drop for PanicsAtDrop {
        fn drop(&mut self) {
            panic!("again");
        }
    }

    #[test]
    fn the_message_of_a_panic_is_the_error() {
        assert_eq!(catch_panic(|| panic!("no {}", "luck")), Err::<(), _>("no luck".to_owned()));
        assert_eq!(catch_panic(|| 7), Ok(7));
    }

    #[test]
    fn a_payload_that_panics_when_dropped_does_no_harm() {
        let caught = catch_panic(|| std::panic::panic_any(PanicsAtDrop));
        assert_eq!(caught, Err::<(), _>("no message".to_owned()));
    }
}
