use std::task::Waker;

use remoting_transport::protocol::RemotingCommand;

/// The responses that one turn of a channel's driver has read, and the buffers that completing them needs.
/// The channel's sink keeps one and uses it again, so that completing a batch allocates nothing.
#[derive(Debug, Default)]
pub(crate) struct ResponseBatch {
    pub(super) responses: Vec<RemotingCommand>,
    pub(super) late: Vec<RemotingCommand>,
    pub(super) wakers: Vec<Waker>,
}

impl ResponseBatch {
    /// Capacity that is kept from one turn to the next.
    const KEPT: usize = 256;

    pub(crate) fn push(&mut self, response: RemotingCommand) {
        self.responses.push(response);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.responses.is_empty()
    }

    /// Takes the responses that no call was waiting for.
    pub(crate) fn late(&mut self) -> impl Iterator<Item = RemotingCommand> + '_ {
        self.late.drain(..)
    }

    /// Wakes the callers. Not to be called under the table's lock.
    pub(crate) fn wake(&mut self) {
        self.wakers.drain(..).for_each(Waker::wake);
        if self.wakers.capacity() > Self::KEPT {
            self.wakers.shrink_to(Self::KEPT);
            self.responses.shrink_to(Self::KEPT);
        }
    }
}
