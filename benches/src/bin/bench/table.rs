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

/// With as many digits as it deserves.
pub(super) fn number(value: f64) -> String {
    match value.abs() {
        0.0 => "0".to_owned(),
        small if small < 1.0 => format!("{value:.3}"),
        small if small < 10.0 => format!("{value:.2}"),
        small if small < 100.0 => format!("{value:.1}"),
        _ => format!("{value:.0}"),
    }
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
    fn numbers_have_as_many_digits_as_they_deserve() {
        for (value, text) in
            [(0.0, "0"), (0.123_4, "0.123"), (1.234, "1.23"), (12.34, "12.3"), (1234.5, "1234")]
        {
            assert_eq!(number(value), text);
        }
    }

    #[test]
    fn noise_is_beside_the_median() {
        assert_eq!(with_noise(&Sample::of([0.245, 0.25, 0.26])), "0.250 ± 4 %");
        assert_eq!(with_noise(&Sample::of([0.25])), "0.250");
    }
}
