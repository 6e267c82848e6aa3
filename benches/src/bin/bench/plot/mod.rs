//! Drawings of the results.
//!
//! Bars are horizontal, each with its name before it and its value behind it, so that none needs a legend; a panel's scale
//! is linear and its own. All of it is legible on white and on black: the background is transparent.

mod bars;
mod curves;
mod svg;

use self::bars::{Bar, Panel};
use super::results::{CaseResult, IdleResult, Results};
use super::statistics::Sample;

/// A drawing, and where it goes.
pub(super) struct Plot {
    pub(super) title: &'static str,
    pub(super) file: &'static str,
    pub(super) svg: String,
}

/// What bars are in.
const NOISE: &str = "median ± farthest round";

/// Draws all for which there are numbers.
pub(super) fn draw(results: &Results) -> Vec<Plot> {
    let mut drawn = Vec::new();
    for (title, file, panels) in [
        ("Requests per second, one core", "pinned.svg", requests(&results.echo, "echo/pinned/")),
        ("Requests per second, free placement", "free.svg", requests(&results.echo, "echo/free/")),
        ("Server memory of an idle connection", "idle.svg", memory(&results.idle)),
    ] {
        if !panels.is_empty() {
            drawn.push(Plot { title, file, svg: bars::draw(title, &panels) });
        }
    }
    let title = "CPU time of one request, server and client together";
    if let Some(svg) = curves::draw(title, results) {
        drawn.push(Plot { title, file: "scaling.svg", svg });
    }
    drawn
}

fn requests(cases: &[CaseResult], prefix: &str) -> Vec<Panel> {
    let panel = |case: &CaseResult| {
        let load = case.name.strip_prefix(prefix)?;
        let bars = case.rows.iter().map(|row| {
            let is_sound = super::delayed_ack::of(case, row).is_none();
            Bar { label: row.contestant.clone(), value: row.requests_per_second.clone(), is_sound }
        });
        let title = format!("{load}: requests per second, {NOISE}");
        Some(Panel { title, bars: bars.collect() })
    };
    cases.iter().filter_map(panel).collect()
}

fn memory(results: &[IdleResult]) -> Vec<Panel> {
    let panel = |state, bytes: fn(&IdleResult) -> &Sample| Panel {
        title: format!("{state}: bytes, {NOISE}"),
        bars: results
            .iter()
            .map(|idle| Bar { label: idle.contestant.clone(), value: bytes(idle).clone(), is_sound: true })
            .collect(),
    };
    if results.is_empty() {
        return Vec::new();
    }
    vec![panel("fresh", |idle| &idle.fresh_bytes), panel("after one request", |idle| &idle.used_bytes)]
}

/// The hue of a stack, whose forms all have it; none is hard to tell from white or from black.
fn hue(contestant: &str) -> &'static str {
    match contestant.split_whitespace().next() {
        Some("remoting") => "#2f81f7",
        Some("tokio-raw") => "#8a7f3c",
        Some("tarpc") => "#c8661b",
        Some("tonic") => "#3f9a4f",
        Some("java") => "#b3559c",
        _ => "#808080",
    }
}

/// With three digits: 1500000 is 1.5M.
fn short(value: f64) -> String {
    let (scaled, unit) = match value {
        large if large >= 1e6 => (large / 1e6, "M"),
        large if large >= 1e4 => (large / 1e3, "k"),
        _ => (value, ""),
    };
    let digits = match scaled {
        large if large >= 100.0 => 0,
        middle if middle >= 10.0 => 1,
        small if small >= 1.0 => 2,
        _ => 3,
    };
    let text = format!("{scaled:.digits$}");
    let text = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    format!("{text}{unit}")
}

#[cfg(test)]
mod tests {
    use super::super::contestant::Stack;
    use super::super::results::samples;
    use super::*;

    fn scaling() -> Results {
        let mut results = samples::results();
        for (connections, name) in [(1, "scaling/pinned/1x1"), (10, "scaling/pinned/10x1")] {
            let row = samples::row(Stack::Remoting, "remoting", 1e5, 1e6);
            results.echo.push(samples::case(connections, 1, name, vec![row]));
        }
        results
    }

    #[test]
    fn every_kind_of_drawing_is_made() {
        let drawn = draw(&scaling());
        let files: Vec<&str> = drawn.iter().map(|plot| plot.file).collect();
        assert_eq!(files, ["pinned.svg", "idle.svg", "scaling.svg"]);
        for Plot { title, file, svg } in drawn {
            assert!(svg.contains(&format!("<title>{title}</title>")), "{file}");
            assert!(svg.contains(">remoting<"), "{file} names nobody");
            assert!(svg.trim_end().ends_with("</svg>"), "{file} has no end");
            assert!(!svg.contains("white"), "{file} is a white box in the dark");
        }
    }

    #[test]
    fn without_numbers_nothing_is_drawn() {
        assert!(draw(&Results::new(Vec::new(), String::new())).is_empty());
    }

    #[test]
    fn each_case_of_a_group_has_its_contestants() {
        let results = samples::results();
        let panels = requests(&results.echo, "echo/pinned/");
        assert!(panels[0].title.starts_with("1x64: requests per second"));
        assert_eq!(panels[0].bars[1].label, "remoting");
        assert!((panels[0].bars[1].value.median - 250_000.0).abs() < 1e-9);
        assert!(requests(&results.echo, "echo/free/").is_empty());
    }

    #[test]
    fn idle_memory_is_shown_before_and_after_the_first_request() {
        let panels = memory(&samples::results().idle);
        let medians: Vec<f64> = panels.iter().map(|panel| panel.bars[0].value.median).collect();
        assert_eq!(medians, [2_005.0, 4_005.0]);
    }

    #[test]
    fn all_forms_of_a_stack_have_its_hue_and_no_other_stack_has() {
        assert_eq!(hue("remoting"), hue("remoting JSON 2 workers"));
        let stacks = [Stack::Raw, Stack::TokioRaw, Stack::Remoting, Stack::Tarpc, Stack::Tonic, Stack::Java];
        let hues: std::collections::HashSet<_> = stacks.map(|stack| hue(stack.name())).into();
        assert_eq!(hues.len(), stacks.len());
    }

    #[test]
    fn large_numbers_are_written_short() {
        for (value, text) in [
            (0.0634, "0.063"),
            (0.45, "0.45"),
            (5.0, "5"),
            (2_578.0, "2578"),
            (10_000.0, "10k"),
            (612_300.0, "612k"),
            (1_500_000.0, "1.5M"),
        ] {
            assert_eq!(short(value), text);
        }
    }
}
