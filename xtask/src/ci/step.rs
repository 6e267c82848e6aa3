//! Runs steps one after the other and reports the time of each.

use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::Context;

use crate::cargo::run_to_end;

/// The completed and the skipped steps.
#[derive(Debug, Default)]
pub(super) struct Steps {
    done: Vec<(String, Duration)>,
    left_out: Vec<String>,
}

impl Steps {
    /// Runs a step. Its failure is an error with its name.
    pub(super) fn step(
        &mut self,
        name: &str,
        run: impl FnOnce() -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        println!("── {name}");
        let begin = Instant::now();
        run().with_context(|| format!("step `{name}` failed"))?;
        let took = begin.elapsed();
        println!("── {name}: passed in {:.1} s", took.as_secs_f32());
        self.done.push((name.to_owned(), took));
        Ok(())
    }

    /// Runs a step that consists of one command.
    pub(super) fn command(&mut self, name: &str, command: &mut Command) -> anyhow::Result<()> {
        self.step(name, || run_to_end(command))
    }

    /// Records a step that is skipped because a tool is not installed.
    pub(super) fn leave_out(&mut self, name: &str, install: &str) {
        println!("── {name}: NOT CHECKED because a tool is missing: `{install}` installs it");
        self.left_out.push(format!("{name} (`{install}`)"));
    }

    pub(super) fn passed(&self) -> usize {
        self.done.len()
    }

    /// Prints the time of each step and the skipped steps.
    pub(super) fn report(&self) {
        let total: Duration = self.done.iter().map(|(_, took)| *took).sum();
        for (name, took) in &self.done {
            println!("{:8.1} s  {name}", took.as_secs_f32());
        }
        println!("{:8.1} s  in total", total.as_secs_f32());
        if self.left_out.is_empty() {
            println!("ci: all {} steps passed", self.passed());
        } else {
            println!("ci: {} steps passed. NOT CHECKED: {}", self.passed(), self.left_out.join(", "));
        }
    }
}
