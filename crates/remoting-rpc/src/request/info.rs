use remoting_transport::protocol::{MqVersion, RemotingCommand, RequestCode, SerializeType};

use crate::latency::{Latency, Outcome};

/// The facts about a request that outlive it: the processor takes the command.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RequestInfo {
    code: i32,
    pub(crate) opaque: i32,
    version: MqVersion,
    /// The encoding of the response: the forced one, or that of the request.
    serialize_type: SerializeType,
    oneway: bool,
    content_len: u32,
    pub(crate) latency: Latency,
}

impl RequestInfo {
    pub(crate) fn new(request: &RemotingCommand, forced: Option<SerializeType>, latency: Latency) -> Self {
        Self {
            code: request.code(),
            opaque: request.opaque(),
            version: request.version(),
            serialize_type: match forced {
                Some(forced) => forced,
                None => request.serialize_type(),
            },
            oneway: request.is_oneway(),
            content_len: request.content_len() as u32,
            latency,
        }
    }

    pub(crate) const fn code(&self) -> RequestCode {
        RequestCode(self.code)
    }

    pub(crate) const fn is_oneway(&self) -> bool {
        self.oneway
    }

    /// Returns the length of remark, ext fields and body, in bytes.
    pub(crate) const fn content_len(&self) -> usize {
        self.content_len as usize
    }

    pub(crate) const fn version(&self) -> MqVersion {
        self.version
    }

    /// Sets the opaque, the response bit and the encoding of a response. An `encoded` response keeps its own encoding. Returns
    /// whether to send it: nobody waits for the response to a one-way request.
    #[inline(always)]
    pub(crate) fn complete(&self, response: &mut RemotingCommand, encoded: bool) -> bool {
        response.set_opaque(self.opaque);
        response.mark_response();
        if !encoded {
            response.set_serialize_type(self.serialize_type);
        }
        if self.oneway {
            self.latency.record(Outcome::Oneway, Some(response.code()));
        }
        !self.oneway
    }
}
