use std::collections::VecDeque;
use std::sync::Mutex;

use remoting::service::{Call, Status};
use tokio_stream::Iter;

use crate::helloworld::{Greeter, GreeterStreaming, HelloReply, HelloRequest, Note, Notes, VisitorClient};

/// The most notes that are kept. Older ones are forgotten.
const MAX_NOTES: usize = 100;

/// Greets people, and keeps the last 100 notes.
#[derive(Debug, Default)]
pub struct MyGreeter {
    notes: Mutex<VecDeque<Note>>,
}

impl Greeter for MyGreeter {
    async fn say_hello(&self, call: &Call, request: HelloRequest) -> Result<HelloReply, Status> {
        if request.name.is_empty() {
            return Err(Status::invalid_argument("the request has no name"));
        }
        let greeting = call.metadata().get("greeting").unwrap_or("Hello");
        Ok(HelloReply { message: format!("{greeting}, {}!", request.name) })
    }

    async fn take_note(&self, _call: &Call, note: Note) {
        // A thread that panicked has left the notes whole.
        let mut notes = self.notes.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        if notes.len() == MAX_NOTES {
            notes.pop_front();
        }
        notes.push_back(note);
    }

    async fn list_notes(&self, _call: &Call, _request: ()) -> Result<Notes, Status> {
        let notes = self.notes.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        Ok(Notes { notes: notes.iter().cloned().collect() })
    }

    async fn welcome(&self, call: &Call, _request: ()) -> Result<HelloReply, Status> {
        let Some(channel) = call.channel() else {
            return Err(Status::failed_precondition("gRPC has no calls from a server to its client"));
        };
        let visitor = VisitorClient::new(channel).who_are_you(&()).await?;
        Ok(HelloReply { message: format!("Welcome, {}!", visitor.name) })
    }
}

impl GreeterStreaming for MyGreeter {
    type SayManyHellosStream = Iter<std::vec::IntoIter<Result<HelloReply, tonic::Status>>>;

    async fn say_many_hellos(
        &self,
        request: tonic::Request<HelloRequest>,
    ) -> Result<tonic::Response<Self::SayManyHellosStream>, tonic::Status> {
        let name = request.into_inner().name;
        let greetings = ["Hello", "Bonjour", "Ni hao"];
        let replies = greetings.map(|greeting| Ok(HelloReply { message: format!("{greeting}, {name}!") }));
        Ok(tonic::Response::new(tokio_stream::iter(replies.to_vec())))
    }
}
