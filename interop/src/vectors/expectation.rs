//! The expected behaviour of a robust server, parsed from the text of the vector.

use super::line::{Stream, Then};

/// The expected result of sending the stream.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Expectation {
    pub(super) replies: Replies,
    pub(super) code: Code,
    pub(super) end: End,
}

/// The expected number of responses.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Replies {
    None,
    AtLeast(usize),
    Any,
}

/// The expected first response.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Code {
    Is(i32),
    Error,
    Any,
}

/// The expected state of the connection.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum End {
    /// The server closes it at once.
    Closed,
    /// The server closes it after a time-out: a frame has begun and does not continue.
    ClosedInTime,
    /// It serves the next request.
    Open,
    /// The server either closes it or serves the next request, but does not hang.
    ClosedOrOpen,
    /// The sender has disconnected; only the server's health is checked.
    Gone,
}

impl Expectation {
    /// Parses the text of `robust`. With unknown text the server may close the connection or serve the next request.
    pub(super) fn of(stream: &Stream, sent: &Sent) -> Self {
        let words = stream.robust.to_lowercase();
        let says = |phrases: &[&str]| phrases.iter().any(|phrase| words.contains(phrase));

        let closes = words.starts_with("close") || says(&["close only this connection", "off: close"]);
        let free =
            says(&["refuse", "else close", "or close", "no panic", "replace or", "treat as", "or ignore"]);
        let silent = says(&["no answer", "no reply", "ignore"]);
        let answers = says(&["answer", "accept"]);
        let waits = says(&["wait", "idle", "partial-frame", "limit the time", "timeout"]);

        let count = match (says(&["both"]), says(&["answer all"])) {
            (true, _) => 2,
            (_, true) => sent.answerable,
            _ => 1,
        };
        let replies = match () {
            () if stream.control && !(silent && sent.answerable == 0) => Replies::AtLeast(count),
            () if closes && answers || free || says(&["if possible"]) => Replies::Any,
            () if closes || silent => Replies::None,
            () if answers => Replies::AtLeast(count),
            () if waits => Replies::None,
            () => Replies::Any,
        };
        let code = match (&replies, number_after(&words, "code ")) {
            (Replies::AtLeast(_), Some(code)) if !says(&[" or "]) => Code::Is(code),
            (Replies::AtLeast(_), _) if says(&["answer an error", "error answer"]) => Code::Error,
            _ => Code::Any,
        };
        let end = match stream.then {
            Then::Close | Then::Rst => End::Gone,
            Then::HalfClose => End::Closed,
            Then::KeepOpen if closes || says(&["then close"]) => End::Closed,
            Then::KeepOpen if sent.is_incomplete || waits && !free => End::ClosedInTime,
            Then::KeepOpen if says(&["keep the connection", "stay open", "stays open"]) => End::Open,
            Then::KeepOpen if matches!(replies, Replies::AtLeast(_)) && !says(&["close"]) => End::Open,
            Then::KeepOpen => End::ClosedOrOpen,
        };
        match end {
            // The sender does not read responses.
            End::Gone => Self { replies: Replies::Any, code: Code::Any, end },
            end => Self { replies, code, end },
        }
    }
}

fn number_after(words: &str, phrase: &str) -> Option<i32> {
    let (_, rest) = words.split_once(phrase)?;
    rest.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

/// The content of a stream, judged only by its length words.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Sent {
    /// The number of complete two-way requests.
    pub(super) answerable: usize,
    /// Whether it ends within a frame that could still become valid.
    pub(super) is_incomplete: bool,
}

#[cfg(test)]
mod tests;
