use super::{Code, End, Expectation, Replies, Sent};
use crate::vectors::line::Vector;

/// The expectation of a stream with these words.
fn expect(robust: &str, control: bool, then: &str, sent: &Sent) -> Expectation {
    let line =
        serde_json::json!({"name": "n", "robust": robust, "control": control, "segments": [], "then": then});
    match Vector::parse(&line.to_string()).unwrap() {
        Vector::Stream(stream) => Expectation::of(&stream, sent),
        Vector::Frame(_) => panic!("a stream"),
    }
}

fn of(robust: &str) -> (Replies, Code, End) {
    let expectation = expect(robust, false, "keep-open", &Sent { answerable: 1, is_incomplete: false });
    (expectation.replies, expectation.code, expectation.end)
}

#[test]
fn closing_needs_no_answer() {
    for robust in [
        "close only this connection, log one line with peer and reason; no reply possible or needed",
        "close only this connection; no reply possible or needed: never read past the ext map",
        "parse in time linear in the header; close only this connection at once",
        "TLS off: close with a clear log line; TLS on: an alert",
    ] {
        assert_eq!(of(robust), (Replies::None, Code::Any, End::Closed), "{robust}");
    }
    assert_eq!(of("answer the good one if possible, then close"), (Replies::Any, Code::Any, End::Closed));
}

#[test]
fn an_answer_keeps_the_connection() {
    for (robust, code) in [
        ("answer", Code::Any),
        ("accept", Code::Any),
        ("accept as OTHER/unknown", Code::Any),
        ("answer an error; stay up", Code::Error),
        ("answer an error; keep the connection; register nothing", Code::Error),
        ("answer code 3, same opaque, keep the connection", Code::Is(3)),
    ] {
        assert_eq!(of(robust), (Replies::AtLeast(1), code, End::Open), "{robust}");
    }
}

#[test]
fn several_requests_get_as_many_answers() {
    let sent = Sent { answerable: 500, is_incomplete: false };
    assert_eq!(expect("answer all", true, "keep-open", &sent).replies, Replies::AtLeast(500));
    assert_eq!(expect("answer both", true, "keep-open", &sent).replies, Replies::AtLeast(2));
}

#[test]
fn a_choice_leaves_both_open() {
    for robust in [
        "accept or refuse; say which",
        "accept if supported, else close",
        "no panic: replace or refuse",
        "refuse, or skip to the stated header end",
        "treat as an unknown field; never instantiate",
        "answer \"request code 0 not supported\" or refuse; stay up",
        "answer with opaque 0 or refuse",
        "words that nobody foresaw",
        "",
    ] {
        assert_eq!(of(robust), (Replies::Any, Code::Any, End::ClosedOrOpen), "{robust}");
    }
}

#[test]
fn a_choice_of_codes_is_not_held_to_one() {
    assert_eq!(of("answer code 1 or 3").1, Code::Any);
}

#[test]
fn a_close_that_is_only_mentioned_is_not_demanded() {
    assert_eq!(of("answer the first; the second may close the connection").2, End::ClosedOrOpen);
}

#[test]
fn a_one_way_control_gets_no_answer() {
    assert_eq!(expect("no answer", true, "keep-open", &Sent::default()).replies, Replies::None);
}

#[test]
fn what_is_ignored_gets_no_answer() {
    assert_eq!(of("ignore; keep the connection").2, End::Open);
    assert_eq!(of("no answer"), (Replies::None, Code::Any, End::ClosedOrOpen));
    assert_eq!(of("ignore"), (Replies::None, Code::Any, End::ClosedOrOpen));
}

#[test]
fn waiting_has_an_end() {
    for robust in [
        "wait, but hold no more memory than the bytes received; close after an idle/partial-frame timeout",
        "bounded buffering, then idle close",
        "limit the time one frame may take",
    ] {
        assert_eq!(of(robust), (Replies::None, Code::Any, End::ClosedInTime), "{robust}");
    }
    let half_a_frame = Sent { answerable: 1, is_incomplete: true };
    assert_eq!(expect("answer the first", false, "keep-open", &half_a_frame).end, End::ClosedInTime);
}

#[test]
fn what_the_sender_does_decides_first() {
    let sent = Sent::default();
    assert_eq!(expect("answer", true, "close", &sent).end, End::Gone);
    assert_eq!(expect("release everything", false, "rst", &sent).end, End::Gone);
    let half_closed = expect("answer, then close", true, "half-close", &sent);
    assert_eq!((half_closed.replies, half_closed.end), (Replies::AtLeast(1), End::Closed));
}
