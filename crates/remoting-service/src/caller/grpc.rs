//! Calls over gRPC.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::{Buf, BufMut, Bytes};
use http::uri::{InvalidUri, PathAndQuery};
use tokio::time::Instant;
use tonic::client::Grpc;
use tonic::codec::{Codec, DecodeBuf, Decoder, EncodeBuf, Encoder};
use tonic::metadata::{AsciiMetadataValue, MetadataMap};
use tonic::transport::Channel;

use super::outgoing::{Outgoing, invalid_metadata, out_of_time};
use crate::deadline::{GRPC_TIMEOUT, Until, text};
use crate::metadata::Metadata;
use crate::status::Status;

/// The largest message in bytes, of calls and of generated servers: that of a frame over remoting. tonic's default of 4 MiB
/// is smaller.
pub const MAX_MESSAGE_SIZE: usize = 16 << 20;

/// A call that has been started.
pub(super) struct GrpcCalling(Pin<Box<dyn Future<Output = Result<GrpcReceived, Status>> + Send>>);

/// The response of a call that succeeded.
pub(super) struct GrpcReceived {
    metadata: MetadataMap,
    body: Bytes,
}

impl GrpcCalling {
    pub(super) fn new(channel: Channel, outgoing: Outgoing) -> Result<Self, Status> {
        let Outgoing { path, body, metadata, timeout, .. } = outgoing;
        let metadata = metadata.map_err(invalid_metadata)?;
        let mut request = tonic::Request::new(body);
        *request.metadata_mut() = metadata.to_map();
        if let Some(timeout) = timeout {
            // Not by tonic's `set_timeout`, which rounds down and panics if the time is too long. Digits and a unit are
            // always a valid value.
            if let Ok(value) = AsciiMetadataValue::try_from(text(timeout)) {
                request.metadata_mut().insert(GRPC_TIMEOUT, value);
            }
        }
        let path = PathAndQuery::from_maybe_shared(Bytes::from_static(path.as_bytes()));
        let path = path.map_err(|error| invalid_path(error).unsent())?;
        Ok(Self(Box::pin(async move {
            let deadline = timeout.and_then(|timeout| Instant::now().checked_add(timeout));
            match Until::new(deadline, exchange(channel, request, path)).await {
                Ok(result) => result,
                Err(_elapsed) => Err(out_of_time()),
            }
        })))
    }

    pub(super) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Result<GrpcReceived, Status>> {
        self.0.as_mut().poll(cx)
    }
}

#[cold]
fn invalid_path(error: InvalidUri) -> Status {
    Status::invalid_argument("the path of the method is invalid").with_source(error)
}

async fn exchange(
    channel: Channel,
    request: tonic::Request<Bytes>,
    path: PathAndQuery,
) -> Result<GrpcReceived, Status> {
    let mut client = Grpc::new(channel)
        .max_decoding_message_size(MAX_MESSAGE_SIZE)
        .max_encoding_message_size(MAX_MESSAGE_SIZE);
    client
        .ready()
        .await
        .map_err(|error| Status::unavailable("the gRPC channel is not ready").with_source(error).unsent())?;
    let (metadata, body, _extensions) = client.unary(request, path, Encoded).await?.into_parts();
    Ok(GrpcReceived { metadata, body })
}

impl GrpcReceived {
    pub(super) fn metadata(&self) -> Metadata {
        Metadata::of_map(&self.metadata)
    }

    pub(super) fn into_body(self) -> Bytes {
        self.body
    }
}

/// The codec of messages that are encoded already. A received message is a handle to the read buffer.
#[derive(Debug, Clone, Copy)]
struct Encoded;

impl Codec for Encoded {
    type Encode = Bytes;
    type Decode = Bytes;
    type Encoder = Self;
    type Decoder = Self;

    fn encoder(&mut self) -> Self {
        *self
    }

    fn decoder(&mut self) -> Self {
        *self
    }
}

impl Encoder for Encoded {
    type Item = Bytes;
    type Error = tonic::Status;

    fn encode(&mut self, message: Bytes, buffer: &mut EncodeBuf<'_>) -> Result<(), tonic::Status> {
        buffer.put(message);
        Ok(())
    }
}

impl Decoder for Encoded {
    type Item = Bytes;
    type Error = tonic::Status;

    fn decode(&mut self, buffer: &mut DecodeBuf<'_>) -> Result<Option<Bytes>, tonic::Status> {
        Ok(Some(buffer.copy_to_bytes(buffer.remaining())))
    }
}
