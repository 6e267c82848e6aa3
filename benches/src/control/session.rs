//! Reads commands and reports results.

use std::io::{self, Write as _};
use std::net::SocketAddr;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::bail;
use serde::Serialize;

use super::input::{Orders, end_of_input};
use super::{Pace, Shape};

/// The observations of a client in one run.
#[derive(Serialize)]
struct Report {
    requests: u64,
    seconds: f64,
    p50_ns: u64,
    p99_ns: u64,
    p999_ns: u64,
}

enum Run {
    Timed { warm_up: Duration, measure: Duration },
    Counted(u64),
}

/// Prints the address of the server and waits for the end of standard input.
pub async fn listen_until_stdin_closes(addr: SocketAddr) -> anyhow::Result<()> {
    say(&format!("listening {addr}"))?;
    end_of_input().await
}

/// Executes the commands on standard input, until its end. `run` generates load through `lanes` lanes of the given
/// pace, and returns when all lanes have ended.
///
/// # Errors
/// Returns an error if a run fails or the input is invalid.
pub fn obey(
    shape: &Shape,
    lanes: usize,
    mut run: impl FnMut(&Arc<Pace>) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let mut orders = Orders::new();
    say("ready")?;
    while let Some(line) = orders.next_blocking() {
        let report = match parse(&line?)? {
            Run::Timed { warm_up, measure } => {
                let pace = Arc::new(Pace::timed(shape)?);
                let clock = {
                    let pace = Arc::clone(&pace);
                    thread::spawn(move || keep_time(&pace, warm_up, measure))
                };
                run(&pace)?;
                let measured = clock.join().map_err(|_| anyhow::anyhow!("the clock panicked"))??;
                report(&pace, measured)
            }
            Run::Counted(requests) => {
                let pace = Arc::new(Pace::counted(shape, requests, lanes as u64)?);
                say("measuring")?;
                let started = Instant::now();
                run(&pace)?;
                let measured = started.elapsed();
                say("measured")?;
                report(&pace, measured)
            }
        };
        orders.obeyed();
        say(&format!("report {}", serde_json::to_string(&report)?))?;
    }
    Ok(())
}

fn keep_time(pace: &Pace, warm_up: Duration, measure: Duration) -> anyhow::Result<Duration> {
    thread::sleep(warm_up);
    let started = Instant::now();
    pace.measure();
    say("measuring")?;
    thread::sleep(measure);
    let measured = started.elapsed();
    pace.end();
    say("measured")?;
    Ok(measured)
}

fn report(pace: &Pace, measured: Duration) -> Report {
    Report {
        requests: pace.completed(),
        seconds: measured.as_secs_f64(),
        p50_ns: pace.quantile(0.5),
        p99_ns: pace.quantile(0.99),
        p999_ns: pace.quantile(0.999),
    }
}

fn parse(line: &str) -> anyhow::Result<Run> {
    let words: Vec<&str> = line.split_whitespace().collect();
    match words[..] {
        ["time", warm_up, measure] => Ok(Run::Timed {
            warm_up: Duration::from_millis(warm_up.parse()?),
            measure: Duration::from_millis(measure.parse()?),
        }),
        ["count", requests] => Ok(Run::Counted(requests.parse()?)),
        _ => bail!("invalid command {line:?}: expected `time WARM_UP_MS MEASURE_MS` or `count REQUESTS`"),
    }
}

pub(super) fn say(line: &str) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    writeln!(stdout, "{line}")?;
    stdout.flush()
}
