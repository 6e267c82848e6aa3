//! The table of cases.

use std::time::Duration;

use bytes::Bytes;
use remoting_rpc::ServerConfig;
use remoting_rpc::transport::protocol::SerializeType;
use remoting_service::{Code, Metadata, Method, Protocol, ServiceCall};

use crate::both::{Both, PROTOCOLS};
use crate::greeter::{GreeterClient, HelloReply, HelloRequest, hello};
use crate::service::{MESSAGE, all_kinds, sorted};

/// What came of a call.
#[derive(Debug, Clone, PartialEq)]
struct Outcome {
    code: Code,
    message: String,
    /// The data of a reply, the details of a status.
    data: Bytes,
    metadata: Vec<String>,
    may_have_been_sent: bool,
}

fn outcome(code: Code, message: &str) -> Outcome {
    let message = message.to_owned();
    Outcome { code, message, data: Bytes::new(), metadata: Vec::new(), may_have_been_sent: true }
}

async fn outcome_of(call: ServiceCall<HelloReply>) -> Outcome {
    match call.into_response().await {
        Ok(response) => {
            let metadata = sorted(response.metadata());
            let HelloReply { message, data } = response.into_message();
            Outcome { data, metadata, ..outcome(Code::Ok, &message) }
        }
        Err(status) => Outcome {
            data: status.details().clone(),
            metadata: sorted(status.metadata()),
            may_have_been_sent: status.may_have_been_sent(),
            ..outcome(status.code(), status.message())
        },
    }
}

type MakeCall = Box<dyn Fn(&GreeterClient) -> ServiceCall<HelloReply>>;

/// A call, what comes of it, whether each protocol has its own message, and whether only remoting knows that the method did
/// not run.
struct Case {
    name: String,
    call: MakeCall,
    expected: Outcome,
    own_message: bool,
    known_unsent: bool,
}

fn case(
    name: impl Into<String>,
    expected: Outcome,
    call: impl Fn(&GreeterClient) -> ServiceCall<HelloReply> + 'static,
) -> Case {
    Case { name: name.into(), call: Box::new(call), expected, own_message: false, known_unsent: false }
}

impl Case {
    fn own_message(mut self) -> Self {
        self.own_message = true;
        self.expected.message.clear();
        self
    }

    fn known_unsent(mut self) -> Self {
        self.known_unsent = true;
        self
    }

    async fn run(&self, greeter: &GreeterClient) -> Outcome {
        let mut outcome = outcome_of((self.call)(greeter)).await;
        if self.own_message {
            assert!(!outcome.message.is_empty() || outcome.code == Code::Unimplemented);
            outcome.message.clear();
        }
        if self.known_unsent {
            outcome.may_have_been_sent = self.expected.may_have_been_sent;
        }
        outcome
    }
}

fn with_data(name: &str, data: impl Into<Bytes>) -> HelloRequest {
    HelloRequest { name: name.to_owned(), data: data.into() }
}

fn messages() -> Vec<Case> {
    let large = Bytes::from(vec![7; 4 << 20]);
    vec![
        case("a message", outcome(Code::Ok, "hello you"), |greeter| greeter.say_hello(&hello("you"))),
        case("an empty message", outcome(Code::Ok, ""), |greeter| {
            greeter.say_hello(&HelloRequest::default())
        }),
        case(
            "a message of 4 MiB",
            Outcome { data: large.clone(), ..outcome(Code::Ok, "") },
            move |greeter| greeter.say_hello(&with_data("", large.clone())),
        ),
    ]
}

fn statuses() -> Vec<Case> {
    let numbers = 1..=16;
    numbers
        .flat_map(|number| {
            let code = Code::from_number(number).unwrap();
            let name = format!("status {number}");
            let plain = outcome(code, MESSAGE);
            let full = Outcome {
                data: Bytes::from_static(b"details\0"),
                metadata: sorted(&all_kinds()),
                ..plain.clone()
            };
            let (bare, detailed) = (hello(&name), with_data(&name, &b"details\0"[..]));
            [
                case(name.clone(), plain, move |greeter| greeter.say_hello(&bare)),
                case(format!("{name} with details and metadata"), full, move |greeter| {
                    greeter.say_hello(&detailed).with_metadata(all_kinds())
                }),
            ]
        })
        .collect()
}

fn metadata() -> Vec<Case> {
    let invalid = Outcome {
        may_have_been_sent: false,
        ..outcome(Code::InvalidArgument, "the metadata of the call is invalid")
    };
    let echoed = Outcome { metadata: sorted(&all_kinds()), ..outcome(Code::Ok, "4") };
    let mut cases = vec![
        case("no metadata", outcome(Code::Ok, "0"), |greeter| greeter.say_hello(&hello("metadata"))),
        case("metadata of all kinds, both ways", echoed, |greeter| {
            greeter.say_hello(&hello("metadata")).with_metadata(all_kinds())
        }),
    ];
    for (key, value) in
        [("grpc-timeout", "1S"), ("te", "x"), ("ns", "x"), ("Tenant", "x"), ("tenant", "ü"), ("x-bin", "x")]
    {
        cases.push(case(format!("metadata {key}: {value}"), invalid.clone(), move |greeter| {
            greeter.say_hello(&hello("metadata")).metadata(key, value)
        }));
    }
    cases
}

fn deadlines() -> Vec<Case> {
    let ask = |timeout| move |greeter: &GreeterClient| greeter.say_hello(&hello("deadline")).timeout(timeout);
    let at_server =
        outcome(Code::DeadlineExceeded, "the deadline of the call passed before the method was done");
    vec![
        case("the default of the server", outcome(Code::Ok, "5s"), |greeter| {
            greeter.say_hello(&hello("deadline"))
        }),
        case("the time of the call", outcome(Code::Ok, "1.5s"), ask(Duration::from_millis(1_500))),
        case(
            "a microsecond of the call",
            outcome(Code::Ok, "7.000001s"),
            ask(Duration::from_micros(7_000_001)),
        ),
        case(
            "a time that is sent in a coarser unit",
            outcome(Code::Ok, "10.000001s"),
            ask(Duration::from_nanos(10_000_000_001)),
        ),
        case("the maximum of the server", outcome(Code::Ok, "60s"), ask(Duration::from_secs(3_600))),
        case("the longest time", outcome(Code::Ok, "60s"), ask(Duration::MAX)),
        case("a method past its deadline", at_server, |greeter| greeter.say_hello(&hello("wait"))),
        case("a caller past its deadline", outcome(Code::DeadlineExceeded, ""), |greeter| {
            greeter.say_hello(&hello("wait")).timeout(Duration::from_millis(100))
        })
        .own_message(),
    ]
}

fn failures() -> Vec<Case> {
    const UNKNOWN: Method<HelloRequest, HelloReply> =
        Method::new("test.Greeter", "Unknown", "/test.Greeter/Unknown").code(20_099);
    vec![
        case("a method that panics", outcome(Code::Unknown, "request processor panicked: boom"), |greeter| {
            greeter.say_hello(&hello("panic"))
        }),
        case(
            "a method that panics before it returns a future",
            outcome(Code::Unknown, "request processor panicked: boom"),
            |greeter| greeter.say_hello(&hello("panic at once")),
        ),
        case("a method that the server does not have", outcome(Code::Unimplemented, ""), |greeter| {
            greeter.caller().call(UNKNOWN, &hello("x"))
        })
        .own_message()
        .known_unsent(),
    ]
}

#[tokio::test(start_paused = true)]
async fn every_case_of_the_table_has_the_same_result_over_both_protocols() {
    let both = Both::start().await;
    for case in [messages(), statuses(), metadata(), deadlines(), failures()].into_iter().flatten() {
        let json = both.caller(Protocol::Remoting).serialize_type(SerializeType::Json);
        let callers = PROTOCOLS.map(|protocol| both.caller(protocol)).into_iter().chain([json]);
        for caller in callers {
            let outcome = case.run(&GreeterClient::new(caller.clone())).await;
            assert!(
                outcome == case.expected,
                "{} over {caller:?}: {outcome:?} instead of {:?}",
                case.name,
                case.expected
            );
        }
    }
    both.server.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn metadata_of_a_caller_is_sent_with_each_call_and_a_call_adds_to_it() {
    let both = Both::start().await;
    for protocol in PROTOCOLS {
        let mut metadata = Metadata::new();
        metadata.insert("authorization", "token").unwrap();
        let greeter = GreeterClient::new(both.caller(protocol).with_metadata(metadata));
        for _ in 0..2 {
            let outcome =
                outcome_of(greeter.say_hello(&hello("metadata")).metadata("tenant", "orders")).await;
            assert_eq!(outcome.metadata, ["authorization: \"token\"", "tenant: \"orders\""], "{protocol:?}");
        }
    }
    both.server.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn calls_that_run_at_once_get_their_own_results() {
    let both = Both::start().await;
    for protocol in PROTOCOLS {
        let greeter = both.greeter(protocol);
        // More than one connection of gRPC takes at once.
        let calls: Vec<_> = (0..400)
            .map(|number| {
                let name = if number % 10 == 0 {
                    format!("status {}", number % 16 + 1)
                } else {
                    format!("{number}")
                };
                (number, tokio::spawn(outcome_of(greeter.say_hello(&hello(&name)))))
            })
            .collect();
        for (number, call) in calls {
            let expected = match Code::from_number(number % 16 + 1) {
                Some(code) if number % 10 == 0 => outcome(code, MESSAGE),
                _ => outcome(Code::Ok, &format!("hello {number}")),
            };
            assert_eq!(call.await.unwrap(), expected, "{protocol:?}");
        }
    }
    both.server.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn a_one_way_method_is_called_over_both_protocols() {
    let both = Both::start().await;
    for protocol in PROTOCOLS {
        both.greeter(protocol).note(&hello("x")).await.unwrap();
        both.service.noted.notified().await;
    }
    // Only gRPC waits for the method: its deadline and its panic are errors there.
    assert!(both.greeter(Protocol::Remoting).note(&hello("wait")).await.is_ok());
    let status = both.greeter(Protocol::Grpc).note(&hello("wait")).await.unwrap_err();
    assert_eq!(status.code(), Code::DeadlineExceeded);
    let status = both.greeter(Protocol::Grpc).note(&hello("panic at once")).await.unwrap_err();
    assert_eq!(status.to_string(), "UNKNOWN: request processor panicked: boom");
    both.server.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn a_server_that_withholds_errors_sends_no_text_of_a_panic() {
    let both = Both::configured(ServerConfig::new().withhold_errors(true)).await;
    for protocol in PROTOCOLS {
        for name in ["panic", "panic at once"] {
            let status = both.greeter(protocol).say_hello(&hello(name)).await.unwrap_err();
            assert_eq!(status.to_string(), "UNKNOWN: internal error", "{protocol:?}");
        }
        let status = both.greeter(protocol).say_hello(&hello("status 5")).await.unwrap_err();
        assert_eq!((status.code(), status.message()), (Code::NotFound, MESSAGE), "{protocol:?}");
    }
    both.server.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn a_method_with_an_invalid_path_is_not_called_over_grpc() {
    const INVALID: Method<HelloRequest, HelloReply> = Method::new("test.Greeter", "SayHello", "say hello");
    let both = Both::start().await;
    let status = both.caller(Protocol::Grpc).call(INVALID, &hello("x")).await.unwrap_err();
    assert_eq!(status.to_string(), "INVALID_ARGUMENT: the path of the method is invalid");
    assert!(!status.may_have_been_sent());
}
