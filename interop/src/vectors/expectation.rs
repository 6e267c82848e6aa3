//! What a robust server does with a stream, read from the words of the vector.

use super::line::{Stream, Then};

/// What must be seen after the stream was sent.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Expectation {
    pub(super) replies: Replies,
    pub(super) code: Code,
    pub(super) end: End,
}

/// How many answers come.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Replies {
    None,
    AtLeast(usize),
    Any,
}

/// What the first answer says.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Code {
    Is(i32),
    Error,
    Any,
}

/// What becomes of the connection.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum End {
    /// The server closes it at once.
    Closed,
    /// The server closes it when its patience ends: a frame has begun and does not go on.
    ClosedInTime,
    /// It serves the next request.
    Open,
    /// One or the other, but it does not hang.
    ClosedOrOpen,
    /// The sender is gone; only the server's health counts.
    Gone,
}

impl Expectation {
    /// Reads the words of `robust`. Words that are not known leave the server free to close or to serve on.
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
            // Nobody is there to read answers.
            End::Gone => Self { replies: Replies::Any, code: Code::Any, end },
            end => Self { replies, code, end },
        }
    }
}

fn number_after(words: &str, phrase: &str) -> Option<i32> {
    let (_, rest) = words.split_once(phrase)?;
    rest.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

/// What a stream holds, by its length words alone.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Sent {
    /// Whole frames that are requests and want an answer.
    pub(super) answerable: usize,
    /// Whether it ends within a frame that might still become a good one.
    pub(super) is_incomplete: bool,
}

#[cfg(test)]
mod tests;
