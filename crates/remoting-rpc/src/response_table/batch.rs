use std::task::Waker;

use remoting_transport::protocol::RemotingCommand;

/// The responses read in one poll of a channel's driver, and the buffers for completing them. The channel's
/// sink reuses one batch, so completing a batch allocates nothing.
#[derive(Debug, Default)]
pub(crate) struct ResponseBatch {
    pub(super) responses: Vec<RemotingCommand>,
    pub(super) late: Vec<RemotingCommand>,
    pub(super) wakers: Vec<Waker>,
}

impl ResponseBatch {
    /// The capacity that is kept from one poll to the next.
    const KEPT: usize = 256;

    pub(crate) fn push(&mut self, response: RemotingCommand) {
        self.responses.push(response);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.responses.is_empty()
    }

    /// Takes the late responses: those that no call waits for.
    pub(crate) fn late(&mut self) -> impl Iterator<Item = RemotingCommand> + '_ {
        self.late.drain(..)
    }

    /// Wakes the callers. Must not be called under the table's lock.
    pub(crate) fn wake(&mut self) {
        self.wakers.drain(..).for_each(Waker::wake);
        if self.wakers.capacity() > Self::KEPT {
            self.wakers.shrink_to(Self::KEPT);
            self.responses.shrink_to(Self::KEPT);
        }
    }
}
