//! The time for which a body may wait for a frame.

use std::error::Error;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use hyper::body::Frame;
use pin_project_lite::pin_project;
use tokio::time::{Instant, Sleep, sleep_until};

use crate::status::Status;

/// The error of a body.
pub(super) type BodyError = Box<dyn Error + Send + Sync>;

pin_project! {
    /// A timer of a body. It is set when the body first waits, so that a body that has arrived needs none.
    #[derive(Default)]
    pub(super) struct FrameTimeout {
        #[pin]
        sleep: Option<Sleep>,
    }
}

impl FrameTimeout {
    /// Stops the timer.
    pub(super) fn stop(self: Pin<&mut Self>) {
        self.project().sleep.set(None);
    }

    /// Waits, in place of a frame that has not arrived. Fails with `status` at the moment that `until` returned when the timer was
    /// set.
    pub(super) fn poll(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        until: impl FnOnce() -> Instant,
        status: fn() -> Status,
    ) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        let mut sleep = self.project().sleep;
        if sleep.is_none() {
            sleep.set(Some(sleep_until(until())));
        }
        let Some(sleep) = sleep.as_pin_mut() else { return Poll::Pending };
        ready!(sleep.poll(cx));
        Poll::Ready(Some(Err(tonic::Status::from(status()).into())))
    }
}
