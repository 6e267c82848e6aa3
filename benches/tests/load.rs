//! The load generator, as `cargo xtask bench` uses it: every stack answers as many requests as its client is told to make.

#![allow(clippy::expect_used, reason = "in tests")]

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

/// How long a program may take for its next line, or to end; more than a busy machine needs.
const LONGEST_WAIT: Duration = Duration::from_secs(120);

/// A program that ends with its standard input, and so with the test.
struct Program {
    child: Child,
    lines: Receiver<String>,
}

impl Program {
    fn start(arguments: &[&str]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_load"));
        let mut child = command
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let said = BufReader::new(child.stdout.take().expect("piped")).lines();
        let (send, lines) = mpsc::channel();
        // Ends with the program, or with the first line after nobody listens any more.
        thread::spawn(move || {
            for line in said {
                if send.send(line.expect("in UTF-8")).is_err() {
                    break;
                }
            }
        });
        Self { child, lines }
    }

    /// What it says next; `None` when it has closed its standard output.
    fn next_line(&self) -> Option<String> {
        match self.lines.recv_timeout(LONGEST_WAIT) {
            Ok(line) => Some(line),
            Err(RecvTimeoutError::Disconnected) => None,
            Err(RecvTimeoutError::Timeout) => panic!("it says nothing for {LONGEST_WAIT:?}"),
        }
    }

    /// How it ends.
    fn status(&mut self) -> ExitStatus {
        let deadline = Instant::now() + LONGEST_WAIT;
        loop {
            if let Some(status) = self.child.try_wait().expect("a child can be waited for") {
                return status;
            }
            assert!(Instant::now() < deadline, "it does not end in {LONGEST_WAIT:?}");
            thread::sleep(Duration::from_millis(5));
        }
    }

    fn expect(&mut self, beginning: &str) -> String {
        let line = self.next_line().expect("it says something");
        line.strip_prefix(beginning)
            .unwrap_or_else(|| panic!("{line:?} instead of {beginning:?}"))
            .trim()
            .to_owned()
    }

    /// The first line that begins so, whatever is before it.
    fn expect_later(&mut self, beginning: &str) -> String {
        let mut lines = std::iter::from_fn(|| self.next_line());
        let line = lines.find_map(|line| line.strip_prefix(beginning).map(str::to_owned));
        line.unwrap_or_else(|| panic!("it never says {beginning:?}"))
    }

    fn tell(&mut self, line: &str) {
        writeln!(self.child.stdin.as_mut().expect("piped"), "{line}").expect("it listens");
    }

    fn end(mut self) {
        drop(self.child.stdin.take());
        assert!(self.status().success());
    }
}

fn requests_of(stack: &str, options: &[&str]) -> u64 {
    requests_with(stack, options, options)
}

fn requests_with(stack: &str, of_server: &[&str], of_client: &[&str]) -> u64 {
    let mut server = Program::start(&[&["server", stack], of_server].concat());
    let addr = server.expect("listening");
    let shape = ["--connections", "2", "--window", "5", "--body", "70000"];
    let client = ["client", stack, "--server", &addr];
    let mut client = Program::start(&[&client[..], &shape, of_client].concat());
    client.expect("ready");
    client.tell("count 100");
    client.expect("measuring");
    client.expect("measured");
    let report: serde_json::Value = serde_json::from_str(&client.expect("report")).expect("JSON");
    client.end();
    server.end();
    report["requests"].as_u64().expect("a number of requests")
}

#[test]
fn every_stack_answers_what_its_client_asks() {
    for stack in ["raw", "tokio-raw", "tokio-rustls", "remoting"] {
        assert_eq!(requests_of(stack, &[]), 100, "{stack}");
    }
}

#[test]
fn this_stack_does_so_over_tls_and_on_worker_threads() {
    assert_eq!(requests_of("remoting", &["--tls", "--workers", "2"]), 100);
}

#[test]
fn this_stack_does_so_on_event_loops() {
    assert_eq!(requests_with("remoting", &["--loops", "2"], &["--workers", "2"]), 100);
}

#[test]
fn this_stack_does_so_with_a_task_for_each_request() {
    assert_eq!(requests_with("remoting", &["--executor", "runtime"], &[]), 100);
}

#[test]
fn this_stack_does_so_with_typed_headers_and_hooks() {
    for header in ["rocketmq", "json"] {
        assert_eq!(requests_with("remoting", &["--typed"], &["--typed", "--header", header]), 100);
    }
}

#[test]
fn a_server_that_expects_typed_headers_refuses_requests_without() {
    let mut server = Program::start(&["server", "remoting", "--typed"]);
    let addr = server.expect("listening");
    let mut client = Program::start(&["client", "remoting", "--server", &addr]);
    assert!(client.next_line().is_none(), "it is not ready");
    assert!(!client.status().success());
    server.end();
}

#[test]
fn connections_are_kept_and_used() {
    for (stack, options) in [
        ("raw", &[][..]),
        ("tokio-raw", &[]),
        ("tokio-rustls", &[]),
        ("remoting", &[]),
        ("remoting", &["--tls"]),
    ] {
        let mut server = Program::start(&[&["server", stack], options].concat());
        let addr = server.expect("listening");
        let mut client = Program::start(&[&["connect", stack, "--server", &addr], options].concat());
        client.expect("ready");
        for (order, answer) in [
            ("open 1", "opened"),
            ("open 70", "opened"),
            ("use", "used"),
            ("use", "used"),
            ("churn 70", "churned"),
        ] {
            client.tell(order);
            let seconds: f64 = client.expect(answer).parse().expect("seconds");
            assert!(seconds > 0.0, "{stack} {options:?}: {order}");
        }
        client.end();
        server.end();
    }
}

#[test]
fn pieces_of_a_file_are_answers() {
    for (way, options) in [("read", &[][..]), ("region", &[]), ("region", &["--tls"])] {
        let mut server = Program::start(&[&["server", "remoting", "--file", way], options].concat());
        let addr = server.expect("listening");
        let client = ["client", "remoting", "--server", &addr, "--window", "4", "--file"];
        let mut client = Program::start(&[&client[..], options].concat());
        client.expect("ready");
        client.tell("count 10");
        let report: serde_json::Value = serde_json::from_str(&client.expect_later("report")).expect("JSON");
        assert_eq!(report["requests"], 12, "each of the four callers makes as many calls");
        client.end();
        server.end();
    }
}

#[test]
fn a_client_whose_observer_has_gone_ends_in_the_middle_of_a_run() {
    let mut server = Program::start(&["server", "remoting"]);
    let addr = server.expect("listening");
    let mut client = Program::start(&["client", "remoting", "--server", &addr]);
    client.expect("ready");
    client.tell("time 0 86400000");
    client.expect("measuring");
    drop(client.child.stdin.take());
    assert!(!client.status().success(), "the run was not finished");
    server.end();
}
