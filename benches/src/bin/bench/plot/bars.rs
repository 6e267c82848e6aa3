//! Panels of horizontal bars.

use super::super::statistics::Sample;
use super::super::table::percent;
use super::svg::{Anchor, Svg};
use super::{hue, short};

const COLUMNS: usize = 2;
const COLUMN_WIDTH: f64 = 450.0;
const BAR_HEIGHT: f64 = 13.0;
const LINE_HEIGHT: f64 = 18.0;
const LABEL_WIDTH: f64 = 175.0;
/// Of the longest bar.
const BAR_WIDTH: f64 = 165.0;
const TITLE_HEIGHT: f64 = 40.0;
const PANEL_HEAD: f64 = 26.0;
const GAP: f64 = 16.0;

/// Bars with one scale.
pub(super) struct Panel {
    /// With what the bars are in.
    pub(super) title: String,
    pub(super) bars: Vec<Bar>,
}

pub(super) struct Bar {
    /// Whose.
    pub(super) label: String,
    pub(super) value: Sample,
    /// Whether its number may be quoted.
    pub(super) is_sound: bool,
}

impl Panel {
    fn height(&self) -> f64 {
        PANEL_HEAD + LINE_HEIGHT * self.bars.len() as f64 + GAP
    }
}

pub(super) fn draw(title: &str, panels: &[Panel]) -> String {
    let mut svg = Svg::new(title);
    let right = COLUMNS as f64 * COLUMN_WIDTH - 14.0;
    svg.text(right, 26.0, Anchor::End, "linear, each panel with a scale of its own");
    let mut top = TITLE_HEIGHT;
    for line in panels.chunks(COLUMNS) {
        for (column, panel) in line.iter().enumerate() {
            draw_panel(&mut svg, (14.0 + column as f64 * COLUMN_WIDTH, top), panel);
        }
        top += line.iter().map(Panel::height).fold(0.0, f64::max);
    }
    svg.end((COLUMNS as f64 * COLUMN_WIDTH, top))
}

fn draw_panel(svg: &mut Svg, (left, top): (f64, f64), panel: &Panel) {
    svg.text(left, top + 14.0, Anchor::Start, &panel.title);
    let highest = panel.bars.iter().map(|bar| bar.value.median).fold(0.0, f64::max);
    let zero = left + LABEL_WIDTH;
    for (index, bar) in panel.bars.iter().enumerate() {
        let y = top + PANEL_HEAD + index as f64 * LINE_HEIGHT;
        let width = if highest > 0.0 { BAR_WIDTH * bar.value.median / highest } else { 0.0 };
        svg.text(zero - 6.0, y + 11.0, Anchor::End, &bar.label);
        svg.bar((zero, y), (width, BAR_HEIGHT), hue(&bar.label));
        svg.text(zero + width + 5.0, y + 11.0, Anchor::Start, &value(bar));
    }
    let bottom = top + PANEL_HEAD + panel.bars.len() as f64 * LINE_HEIGHT;
    svg.rule((zero, top + PANEL_HEAD - 3.0), (zero, bottom));
}

/// What stands behind a bar.
fn value(bar: &Bar) -> String {
    if !bar.is_sound {
        return "not valid: delayed ACK".to_owned();
    }
    let median = short(bar.value.median);
    bar.value.noise().map_or_else(|| median.clone(), |noise| format!("{median} ± {}", percent(noise)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bar(label: &str, rounds: &[f64]) -> Bar {
        Bar { label: label.to_owned(), value: Sample::of(rounds.iter().copied()), is_sound: true }
    }

    #[test]
    fn a_bar_is_as_long_as_its_share_of_the_longest() {
        let bars = vec![bar("raw", &[100.0, 100.0]), bar("remoting", &[25.0])];
        let svg = draw("Title", &[Panel { title: "1x64: requests per second".to_owned(), bars }]);
        assert!(svg.contains(r##"width="165.0" height="13.0" fill="#808080""##), "{svg}");
        assert!(svg.contains(r##"width="41.2" height="13.0" fill="#2f81f7""##), "{svg}");
    }

    #[test]
    fn a_value_is_behind_its_bar_with_its_noise() {
        assert_eq!(value(&bar("raw", &[245.0, 250.0, 260.0])), "250 ± 4 %");
        assert_eq!(value(&bar("raw", &[250.0])), "250");
        assert_eq!(value(&Bar { is_sound: false, ..bar("raw", &[250.0]) }), "not valid: delayed ACK");
    }

    #[test]
    fn panels_lie_side_by_side_and_then_below() {
        let panels: Vec<Panel> =
            (0..3).map(|n| Panel { title: format!("panel {n}"), bars: vec![bar("raw", &[1.0])] }).collect();
        let svg = draw("Title", &panels);
        for position in [r#"x="14.0" y="54.0""#, r#"x="464.0" y="54.0""#, r#"x="14.0" y="114.0""#] {
            assert!(svg.contains(position), "{position} is not in {svg}");
        }
    }
}
