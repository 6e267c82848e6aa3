//! The chart of the README: a bar for each contestant, as SVG.

use std::fmt::Write as _;

use super::contestant::Stack;
use super::results::{Results, Row};
use super::table::{number, with_noise};

/// The load that is drawn.
const CASE: &str = "echo/pinned/1x64";
const TITLE: &str = "Requests per second on one core";
const SUBTITLE: &str =
    "Server and client share the core. One connection, 64 requests in flight, bodies of 128 bytes.";

/// The contestants that are drawn, in this order, each with its form.
const DRAWN: [(&str, &str); 7] = [
    ("remoting", "inline"),
    ("remoting runtime", "processors may wait"),
    ("remoting typed + hook", "inline, 13 header fields"),
    ("tarpc", "a task for each request"),
    ("tarpc typed", "the same, 13 header fields"),
    ("tonic", "a task for each request"),
    ("java", "a pool of threads"),
];

/// Named below the bars: it is too fast to be drawn beside them.
const LIMIT: &str = "tokio-raw";

const WIDTH: f64 = 800.0;
/// Where the bars begin, and the length of the longest.
const ZERO: f64 = 200.0;
const LONGEST: f64 = 460.0;
/// Where the first bar begins, and the distance from one to the next.
const TOP: f64 = 66.0;
const LINE: f64 = 40.0;
const BAR: f64 = 26.0;

/// The background on which a chart is legible. It is transparent itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Background {
    Light,
    Dark,
}

impl Background {
    pub(super) const ALL: [Self; 2] = [Self::Light, Self::Dark];

    /// The name of the file, in `docs/benchmarks`.
    pub(super) const fn file(self) -> &'static str {
        match self {
            Self::Light => "requests.svg",
            Self::Dark => "requests-dark.svg",
        }
    }

    /// The colours of text, and of text that matters less: those of GitHub.
    const fn inks(self) -> [&'static str; 2] {
        match self {
            Self::Light => ["#1f2328", "#59636e"],
            Self::Dark => ["#f0f6fc", "#9198a1"],
        }
    }
}

/// Draws the chart, on a linear scale.
///
/// Returns `None` if the load was not measured.
pub(super) fn draw(results: &Results, background: Background) -> Option<String> {
    let sound_row = |contestant| results.sound_row(CASE, contestant);
    let drawn = DRAWN.iter().filter_map(|(contestant, form)| Some((sound_row(contestant)?, *form)));
    let rows: Vec<(&Row, &str)> = drawn.collect();
    let highest = rows.iter().map(|(row, _)| row.requests_per_second.median).reduce(f64::max)?;
    let mut bars = String::new();
    for (line, (row, form)) in rows.iter().enumerate() {
        let rate = &row.requests_per_second;
        let (top, length) = (TOP + line as f64 * LINE, LONGEST * rate.median / highest);
        let (name, value, hue) = (&row.contestant, with_noise(rate), hue(row.stack));
        let (label, above, below) = (ZERO - 10.0, top + 11.0, top + 25.0);
        let (value_at, middle) = (ZERO + length + 8.0, top + 18.0);
        let _ = write!(
            bars,
            "<text x=\"{label}\" y=\"{above}\" class=\"name\">{name}</text>\n\
             <text x=\"{label}\" y=\"{below}\" class=\"form\">{form}</text>\n\
             <rect x=\"{ZERO}\" y=\"{top}\" width=\"{length:.1}\" height=\"{BAR}\" rx=\"2\" fill=\"{hue}\"/>\n\
             <text x=\"{value_at:.1}\" y=\"{middle}\" class=\"value\">{value}</text>\n"
        );
    }
    let mut height = TOP + rows.len() as f64 * LINE;
    if let Some(limit) = sound_row(LIMIT) {
        let (base, rate) = (height + 14.0, number(limit.requests_per_second.median));
        let _ = writeln!(
            bars,
            r#"<text x="{ZERO}" y="{base}" class="note">Bare sockets over tokio, without RPC: {rate}.</text>"#
        );
        height += 26.0;
    }
    let [ink, pale] = background.inks();
    Some(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" width=\"{WIDTH}\" height=\"{height}\" role=\"img\">\n\
         <title>{TITLE}</title>\n\
         <desc>{SUBTITLE}</desc>\n\
         <style>\n\
         text {{ font: 13px -apple-system, 'Segoe UI', 'Noto Sans', Helvetica, Arial, sans-serif; fill: {ink} }}\n\
         .title {{ font-size: 18px; font-weight: bold }}\n\
         .name {{ font-weight: bold; text-anchor: end }}\n\
         .form {{ font-size: 11px; fill: {pale}; text-anchor: end }}\n\
         .value {{ font-size: 14px }}\n\
         .note {{ fill: {pale} }}\n\
         </style>\n\
         <text x=\"8\" y=\"24\" class=\"title\">{TITLE}</text>\n\
         <text x=\"8\" y=\"46\" class=\"note\">{SUBTITLE}</text>\n\
         {bars}</svg>\n"
    ))
}

/// All forms of a stack have its hue. None is hard to tell from white or from black.
const fn hue(stack: Stack) -> &'static str {
    match stack {
        Stack::Remoting => "#2f81f7",
        Stack::Tarpc => "#c8661b",
        Stack::Tonic => "#3f9a4f",
        Stack::Java => "#b3559c",
        Stack::Raw | Stack::TokioRaw | Stack::TokioRustls => "#7d7d7d",
    }
}

#[cfg(test)]
mod tests {
    use super::super::results::samples;
    use super::*;

    #[test]
    fn a_bar_is_as_long_as_its_share_of_the_longest_and_has_its_value_behind_it() {
        let svg = draw(&samples::results(), Background::Light).unwrap();
        assert!(svg.contains(r##"width="460.0" height="26" rx="2" fill="#2f81f7""##), "remoting: {svg}");
        assert!(svg.contains(r##"width="184.0" height="26" rx="2" fill="#c8661b""##), "tarpc: {svg}");
        assert!(svg.contains(r#"<text x="668.0" y="84" class="value">250k ± 1 %</text>"#), "{svg}");
        assert!(!svg.contains(">raw<"), "{svg}");
    }

    #[test]
    fn the_charts_for_both_backgrounds_differ_in_the_colours_of_the_text_alone() {
        let [light, dark] = Background::ALL.map(|background| {
            let mut svg = draw(&samples::results(), background).unwrap();
            for (ink, name) in background.inks().into_iter().zip(["ink", "pale"]) {
                assert!(svg.contains(ink), "{background:?}");
                svg = svg.replace(ink, name);
            }
            svg
        });
        assert_eq!(light, dark);
    }

    #[test]
    fn without_its_load_there_is_no_chart() {
        assert!(draw(&Results::new(Vec::new(), String::new()), Background::Light).is_none());
    }
}
