//! The processes that a run has started, and what becomes of them when it is told to end: none stays.

use std::io;
use std::process::{Child, Command};
use std::sync::Arc;
use std::thread;

use anyhow::Context;
use parking_lot::Mutex;
use tokio::runtime::Builder;
use tokio::signal::unix::{SignalKind, signal};

/// A process that can be killed from another thread.
pub(crate) type SharedChild = Arc<Mutex<Child>>;

/// Every process of this run that has not been waited for.
pub(crate) static CHILDREN: Children = Children::new();

/// What a shell gives for a command that Ctrl-C has ended.
const INTERRUPTED: i32 = 130;

pub(crate) struct Children(Mutex<Vec<SharedChild>>);

impl Children {
    const fn new() -> Self {
        Self(Mutex::new(Vec::new()))
    }

    /// Starts a process in a group of its own: Ctrl-C at the terminal reaches this program alone, which then ends its
    /// children. Should it be killed without notice, they see the end of their standard input.
    pub(crate) fn spawn(&self, command: &mut Command) -> io::Result<SharedChild> {
        use std::os::unix::process::CommandExt as _;

        let mut children = self.0.lock();
        let child = Arc::new(Mutex::new(command.process_group(0).spawn()?));
        children.push(Arc::clone(&child));
        Ok(child)
    }

    /// Kills the process, with what it has started, if it has not ended, and waits for it.
    pub(crate) fn end(&self, child: &SharedChild) {
        end(child);
        self.0.lock().retain(|other| !Arc::ptr_eq(other, child));
    }

    /// Does something that is not to be left half done: [`end_all`](Self::end_all) waits for it.
    pub(crate) fn uninterrupted<T>(&self, work: impl FnOnce() -> T) -> T {
        let _children = self.0.lock();
        work()
    }

    /// Kills all of them and then does the last thing; nothing is started and nothing [uninterrupted](Self::uninterrupted)
    /// begins meanwhile.
    fn end_all<T>(&self, last: impl FnOnce() -> T) -> T {
        let mut children = self.0.lock();
        children.drain(..).for_each(|child| end(&child));
        last()
    }
}

fn end(child: &SharedChild) {
    let mut child = child.lock();
    if matches!(child.try_wait(), Ok(None)) {
        // What it has started is in its group, and would go on without it.
        let mut shell = Command::new("sh");
        let _ = shell.args(["-c", r#"kill -s KILL -- "-$0""#, &child.id().to_string()]).status();
    }
    // Both fail only if it has ended.
    let _ = child.kill();
    let _ = child.wait();
}

/// From now on a signal that asks this program to end (Ctrl-C, SIGTERM, SIGHUP) ends its children first.
pub(crate) fn end_with_this_program() -> anyhow::Result<()> {
    let runtime = Builder::new_current_thread().enable_io().build().context("a runtime for signals")?;
    let mut signals = {
        let _context = runtime.enter();
        let kinds = [SignalKind::interrupt(), SignalKind::terminate(), SignalKind::hangup()];
        kinds.map(signal).into_iter().collect::<io::Result<Vec<_>>>().context("listening to signals")?
    };
    thread::spawn(move || {
        runtime.block_on(std::future::poll_fn(|context| {
            let told = signals.iter_mut().any(|signal| signal.poll_recv(context).is_ready());
            if told { std::task::Poll::Ready(()) } else { std::task::Poll::Pending }
        }));
        CHILDREN.end_all(|| {
            eprintln!("interrupted: what had been started is ended, and nothing is written");
            std::process::exit(INTERRUPTED)
        })
    });
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::io::{BufRead as _, BufReader};
    use std::path::PathBuf;
    use std::process::Stdio;
    use std::time::{Duration, Instant};

    use super::*;

    fn sleeper(children: &Children) -> SharedChild {
        children.spawn(Command::new("sleep").arg("600")).unwrap()
    }

    fn has_ended(child: &SharedChild) -> bool {
        child.lock().try_wait().unwrap().is_some()
    }

    #[test]
    fn all_are_ended_before_the_last_thing_is_done() {
        let children = Children::new();
        let (one, other) = (sleeper(&children), sleeper(&children));
        children.end_all(|| assert!(has_ended(&one) && has_ended(&other)));
    }

    #[test]
    fn what_one_has_started_ends_with_it() {
        let children = Children::new();
        let mut command = Command::new("sh");
        command.args(["-c", "sleep 600 & echo $!; wait"]).stdout(Stdio::piped());
        let child = children.spawn(&mut command).unwrap();
        let mut line = String::new();
        BufReader::new(child.lock().stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        let grandchild = PathBuf::from("/proc").join(line.trim()).join("cmdline");
        let deadline = Instant::now() + Duration::from_secs(60);
        // For a moment, between two programs, it has no words.
        while !std::fs::read_to_string(&grandchild).unwrap().contains("600") {
            assert!(Instant::now() < deadline, "it did not start");
            thread::yield_now();
        }
        children.end(&child);
        // Gone, or a zombie that waits for whoever is its parent now.
        while std::fs::read_to_string(&grandchild).is_ok_and(|words| words.contains("600")) {
            assert!(Instant::now() < deadline, "it goes on");
            thread::yield_now();
        }
    }

    #[test]
    fn one_that_was_ended_is_forgotten() {
        let children = Children::new();
        let child = sleeper(&children);
        children.end(&child);
        assert!(has_ended(&child));
        assert!(children.0.lock().is_empty());
    }

    #[test]
    fn ctrl_c_at_the_terminal_does_not_reach_them() {
        let children = Children::new();
        let child = sleeper(&children);
        let pid = child.lock().id();
        let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
        // After the name: state, parent, group.
        let group = stat.rsplit_once(") ").unwrap().1.split(' ').nth(2).unwrap();
        assert_eq!(group, pid.to_string());
        children.end(&child);
    }
}
