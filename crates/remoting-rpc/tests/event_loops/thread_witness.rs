use std::cell::RefCell;
use std::sync::Arc;

use remoting_rpc::transport::protocol::{RemotingCommand, ResponseCode};
use remoting_rpc::{ProcessorError, RequestContext, RequestProcessor};

use super::super::deadline::until;

thread_local! {
    static WITNESSES: RefCell<Vec<Arc<()>>> = const { RefCell::new(Vec::new()) };
}

/// Notices the end of threads: a thread that has run its processor holds a reference to it until the thread ends.
#[derive(Default)]
pub(crate) struct ThreadWitness(Arc<()>);

impl ThreadWitness {
    pub(crate) fn processor(&self) -> impl RequestProcessor {
        let witness = Arc::downgrade(&self.0);
        move |_ctx: RequestContext, _request: RemotingCommand| {
            WITNESSES.with_borrow_mut(|witnesses| witnesses.extend(witness.upgrade()));
            async { Ok::<_, ProcessorError>(RemotingCommand::response(ResponseCode::SUCCESS)) }
        }
    }

    /// Returns how many threads have run the processor and have not ended.
    pub(crate) fn threads(&self) -> usize {
        Arc::strong_count(&self.0) - 1
    }

    pub(crate) async fn all_ended(&self) {
        until(|| self.threads() == 0).await;
    }
}
