//! Tables, for a terminal or for Markdown.

use std::fmt::Write as _;

use super::statistics::Sample;

/// For whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    Terminal,
    Markdown,
}

/// Lines of cells under a heading; the first column is text, the others are numbers.
pub(super) struct Table {
    heading: Vec<String>,
    lines: Vec<Vec<String>>,
}

impl Table {
    pub(super) fn new(heading: &[&str]) -> Self {
        Self { heading: heading.iter().map(|&cell| cell.to_owned()).collect(), lines: Vec::new() }
    }

    /// Adds a line.
    pub(super) fn push(&mut self, cells: Vec<String>) {
        self.lines.push(cells);
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    pub(super) fn render(&self, style: Style) -> String {
        let width = |column: usize| {
            let cells = self.lines.iter().chain([&self.heading]).filter_map(|line| line.get(column));
            cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
        };
        let widths: Vec<usize> = (0..self.heading.len()).map(width).collect();
        let mut text = String::new();
        for (number, line) in [&self.heading].into_iter().chain(&self.lines).enumerate() {
            let cells = line.iter().zip(&widths).enumerate().map(|(column, (cell, &width))| match column {
                0 => format!("{cell:<width$}"),
                _ => format!("{cell:>width$}"),
            });
            let cells: Vec<String> = cells.collect();
            match style {
                Style::Terminal => text.push_str(cells.join("  ").trim_end()),
                Style::Markdown => {
                    let _ = write!(text, "| {} |", cells.join(" | "));
                }
            }
            text.push('\n');
            if number == 0 && style == Style::Markdown {
                let rule =
                    widths.iter().enumerate().map(|(column, _)| if column == 0 { "---" } else { "---:" });
                let _ = writeln!(text, "| {} |", rule.collect::<Vec<_>>().join(" | "));
            }
        }
        text
    }
}

/// Writes three digits, or four below 10 000: `0.250`, `12.3`, `1234`, `1.46M`.
pub(super) fn number(value: f64) -> String {
    let (scaled, unit) = match value.abs() {
        0.0 => return "0".to_owned(),
        large if large >= 1e6 => (value / 1e6, "M"),
        large if large >= 1e4 => (value / 1e3, "k"),
        _ => (value, ""),
    };
    let digits = match scaled.abs() {
        small if small < 1.0 => 3,
        small if small < 10.0 => 2,
        small if small < 100.0 => 1,
        _ => 0,
    };
    format!("{scaled:.digits$}{unit}")
}

/// `0.250 ± 3 %`; without the noise where there is but one round.
pub(super) fn with_noise(sample: &Sample) -> String {
    let median = number(sample.median);
    sample.noise().map_or_else(|| median.clone(), |noise| format!("{median} ± {}", percent(noise)))
}

/// `3 %`.
pub(super) fn percent(share: f64) -> String {
    format!("{:.0} %", share * 100.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_set_to_the_right() {
        let mut table = Table::new(&["who", "n"]);
        table.push(vec!["raw".to_owned(), "100".to_owned()]);
        assert_eq!(table.render(Style::Terminal), "who    n\nraw  100\n");
        assert_eq!(table.render(Style::Markdown), "| who |   n |\n| --- | ---: |\n| raw | 100 |\n");
    }

    #[test]
    fn numbers_have_three_or_four_digits() {
        for (value, text) in [
            (0.0, "0"),
            (0.123_4, "0.123"),
            (1.234, "1.23"),
            (12.34, "12.3"),
            (1234.5, "1234"),
            (12_345.0, "12.3k"),
            (612_300.0, "612k"),
            (1_455_000.0, "1.46M"),
        ] {
            assert_eq!(number(value), text);
        }
    }

    #[test]
    fn noise_is_beside_the_median() {
        assert_eq!(with_noise(&Sample::of([0.245, 0.25, 0.26])), "0.250 ± 4 %");
        assert_eq!(with_noise(&Sample::of([0.25])), "0.250");
    }
}
