use std::collections::VecDeque;
use std::sync::Mutex;

use prost::Message as _;
use remoting::service::{Call, Status};
use tokio_stream::Iter;

use crate::helloworld::{Greeter, GreeterStreaming, HelloReply, HelloRequest, Note, Notes, VisitorClient};

/// The most notes that are kept. Older ones are forgotten.
const MAX_NOTES: usize = 100;
/// The most bytes of notes that are kept. A larger note is not kept.
const MAX_BYTES: usize = 1 << 20;

/// Greets people, and keeps the last notes: at most 100, and at most 1 MiB of them.
#[derive(Debug, Default)]
pub struct MyGreeter {
    notes: Mutex<KeptNotes>,
}

#[derive(Debug, Default)]
struct KeptNotes {
    notes: VecDeque<Note>,
    /// The bytes of all of them.
    bytes: usize,
}

impl KeptNotes {
    fn keep(&mut self, mut note: Note) {
        let bytes = note.encoded_len();
        if bytes > MAX_BYTES {
            return;
        }
        while self.notes.len() == MAX_NOTES || self.bytes + bytes > MAX_BYTES {
            let Some(oldest) = self.notes.pop_front() else { break };
            self.bytes -= oldest.encoded_len();
        }
        // The attachment is a part of the received buffer, which would be kept as a whole.
        note.attachment = note.attachment.to_vec().into();
        self.notes.push_back(note);
        self.bytes += bytes;
    }
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
        notes.keep(note);
    }

    async fn list_notes(&self, _call: &Call, _request: ()) -> Result<Notes, Status> {
        let notes = self.notes.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        Ok(Notes { notes: notes.notes.iter().cloned().collect() })
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

#[cfg(test)]
mod tests {
    use super::*;

    fn note(text: usize, bytes: usize) -> Note {
        Note { text: text.to_string(), attachment: vec![7; bytes].into() }
    }

    fn texts(kept: &KeptNotes) -> Vec<&str> {
        kept.notes.iter().map(|note| &*note.text).collect()
    }

    #[test]
    fn the_oldest_notes_are_forgotten_beyond_a_number_and_a_size() {
        let mut kept = KeptNotes::default();
        (0..MAX_NOTES + 2).for_each(|text| kept.keep(note(text, 1)));
        assert_eq!((kept.notes.len(), texts(&kept)[0]), (MAX_NOTES, "2"));

        (0..5).for_each(|text| kept.keep(note(text, MAX_BYTES / 3)));
        assert_eq!(texts(&kept), ["3", "4"]);
        assert_eq!(kept.bytes, kept.notes.iter().map(Note::encoded_len).sum::<usize>());
        kept.keep(note(5, MAX_BYTES));
        assert_eq!(texts(&kept), ["3", "4"]);
    }

    #[test]
    fn a_kept_note_does_not_hold_the_buffer_that_it_was_received_in() {
        let received = note(0, 1_000).attachment;
        let mut kept = KeptNotes::default();
        kept.keep(Note { text: String::new(), attachment: received.slice(..10) });
        assert!(received.is_unique());
    }
}
