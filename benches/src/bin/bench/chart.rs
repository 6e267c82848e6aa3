//! The chart of the README: a bar for each contestant, as SVG.

use std::fmt::Write as _;

use super::contestant::Stack;
use super::delayed_ack;
use super::results::{Results, Row};
use super::table::with_noise;

/// The load that is drawn.
const CASE: &str = "echo/pinned/1x64";
const TITLE: &str = "Requests per second on one core: one connection, 64 in flight, bodies of 128 bytes";

/// Legible on white and on black; the background is transparent.
const INK: &str = "#7d7d7d";

const WIDTH: f64 = 720.0;
/// Where the bars begin, and the length of the longest.
const ZERO: f64 = 180.0;
const LONGEST: f64 = 420.0;
const TOP: f64 = 44.0;
const LINE: f64 = 26.0;

/// Draws the chart, on a linear scale. Bare sockets are left out: they would leave the others no room.
///
/// Returns `None` if the load was not measured.
pub(super) fn draw(results: &Results) -> Option<String> {
    let case = results.echo.iter().find(|case| case.name == CASE)?;
    let is_drawn = |row: &&Row| {
        !matches!(row.stack, Stack::Raw | Stack::TokioRaw) && delayed_ack::of(case, row).is_none()
    };
    let rows: Vec<&Row> = case.rows.iter().filter(is_drawn).collect();
    let highest = rows.iter().map(|row| row.requests_per_second.median).fold(f64::MIN_POSITIVE, f64::max);
    let mut bars = String::new();
    for (line, row) in rows.iter().enumerate() {
        let rate = &row.requests_per_second;
        let (top, length) = (TOP + line as f64 * LINE, LONGEST * rate.median / highest);
        let (label, value, hue) = (&row.contestant, with_noise(rate), hue(row.stack));
        let (base, before, behind) = (top + 13.0, ZERO - 8.0, ZERO + length + 8.0);
        let _ = writeln!(bars, r#"<text x="{before}" y="{base}" text-anchor="end">{label}</text>"#);
        let _ = writeln!(
            bars,
            r#"<rect x="{ZERO}" y="{top}" width="{length:.1}" height="18" rx="2" fill="{hue}"/>"#
        );
        let _ = writeln!(bars, r#"<text x="{behind:.1}" y="{base}">{value}</text>"#);
    }
    let height = TOP + rows.len() as f64 * LINE + 6.0;
    Some(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" width=\"{WIDTH}\" height=\"{height}\" role=\"img\">\n\
         <title>{TITLE}</title>\n\
         <style>text {{ font: 13px sans-serif; fill: {INK} }} .title {{ font-weight: bold }}</style>\n\
         <text x=\"12\" y=\"24\" class=\"title\">{TITLE}</text>\n\
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
        Stack::Raw | Stack::TokioRaw => INK,
    }
}

#[cfg(test)]
mod tests {
    use super::super::results::samples;
    use super::*;

    #[test]
    fn a_bar_is_as_long_as_its_share_of_the_longest_and_has_its_value_behind_it() {
        let svg = draw(&samples::results()).unwrap();
        assert!(svg.contains(r##"width="420.0" height="18" rx="2" fill="#2f81f7""##), "remoting: {svg}");
        assert!(svg.contains(r##"width="168.0" height="18" rx="2" fill="#c8661b""##), "tarpc: {svg}");
        assert!(svg.contains(r#"<text x="608.0" y="57">250k ± 1 %</text>"#), "{svg}");
        assert!(!svg.contains(">raw<"), "{svg}");
    }

    #[test]
    fn without_its_load_there_is_no_chart() {
        assert!(draw(&Results::new(Vec::new(), String::new())).is_none());
    }
}
