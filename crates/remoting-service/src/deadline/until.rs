use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use pin_project_lite::pin_project;
use tokio::time::{Instant, Sleep, sleep_until};

pin_project! {
    /// Runs a future until its deadline, if it has one. A future whose deadline has passed before is not polled.
    pub(crate) struct Until<F> {
        #[pin]
        future: F,
        deadline: Option<Instant>,
        // Made when the future first waits, so that a future that is ready at once costs no timer.
        #[pin]
        sleep: Option<Sleep>,
    }
}

/// The deadline passed before the future was ready.
#[derive(Debug)]
pub(crate) struct Elapsed;

impl<F> Until<F> {
    pub(crate) const fn new(deadline: Option<Instant>, future: F) -> Self {
        Self { future, deadline, sleep: None }
    }
}

impl<F: Future> Future for Until<F> {
    type Output = Result<F::Output, Elapsed>;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut this = self.project();
        // Only before the first poll: a future that waited may be ready when its deadline passes.
        if this.sleep.is_none() && this.deadline.is_some_and(|deadline| deadline <= Instant::now()) {
            return Poll::Ready(Err(Elapsed));
        }
        if let Poll::Ready(output) = this.future.poll(cx) {
            return Poll::Ready(Ok(output));
        }
        let Some(deadline) = *this.deadline else { return Poll::Pending };
        if this.sleep.is_none() {
            this.sleep.set(Some(sleep_until(deadline)));
        }
        match this.sleep.as_pin_mut() {
            Some(sleep) => sleep.poll(cx).map(|()| Err(Elapsed)),
            None => Poll::Pending,
        }
    }
}
