//! Drawings of the results.

use anyhow::anyhow;
use plotters::prelude::*;

use super::results::{Along, CaseResult, IdleResult, Results};

const SIZE: (u32, u32) = (900, 420);
const FONT: &str = "sans-serif";

/// A drawing, and where it goes.
pub(super) struct Plot {
    pub(super) title: &'static str,
    pub(super) file: &'static str,
    pub(super) svg: String,
}

/// Draws all for which there are numbers.
pub(super) fn draw(results: &Results) -> anyhow::Result<Vec<Plot>> {
    let mut drawn = Vec::new();
    let mut keep = |title, file, draw: &dyn Fn(&str, &mut String) -> DrawResult| {
        let mut svg = String::new();
        draw(title, &mut svg).map_err(|error| anyhow!("{file}: {error}"))?;
        drawn.push(Plot { title, file, svg });
        anyhow::Ok(())
    };
    for (title, file, groups) in [
        ("Requests per second, one core", "pinned.svg", requests(&results.echo, "echo/pinned/")),
        ("Requests per second, free placement", "free.svg", requests(&results.echo, "echo/free/")),
        ("Server memory of an idle connection, in bytes", "idle.svg", memory(&results.idle)),
    ] {
        if groups.iter().any(|group| !group.bars.is_empty()) {
            keep(title, file, &|title, svg| bars(title, svg, &groups))?;
        }
    }
    if results.echo.iter().any(|case| case.name.starts_with("scaling/")) {
        let title = "CPU time of one request, server and client";
        keep(title, "scaling.svg", &|title, svg| curves(title, svg, results))?;
    }
    Ok(drawn)
}

type DrawResult = Result<(), Box<dyn std::error::Error>>;

/// Bars side by side, above a common label.
struct Group<'a> {
    label: &'a str,
    /// Whose, and how high.
    bars: Vec<(&'a str, f64)>,
}

fn requests<'a>(cases: &'a [CaseResult], prefix: &str) -> Vec<Group<'a>> {
    let group = |case: &'a CaseResult| {
        let label = case.name.strip_prefix(prefix)?;
        let bars = case.rows.iter().map(|row| (row.contestant.as_str(), row.requests_per_second.median));
        Some(Group { label, bars: bars.collect() })
    };
    cases.iter().filter_map(group).collect()
}

fn memory(results: &[IdleResult]) -> Vec<Group<'_>> {
    let group = |label, bytes: fn(&IdleResult) -> f64| Group {
        label,
        bars: results.iter().map(|idle| (idle.contestant.as_str(), bytes(idle))).collect(),
    };
    vec![
        group("fresh", |idle| idle.fresh_bytes.median),
        group("after one request", |idle| idle.used_bytes.median),
    ]
}

/// Groups of bars, with one colour for each contestant of the first group.
fn bars(title: &str, svg: &mut String, groups: &[Group<'_>]) -> DrawResult {
    let root = SVGBackend::with_string(svg, SIZE).into_drawing_area();
    root.fill(&WHITE)?;
    let heights = || groups.iter().flat_map(|group| &group.bars).map(|(_, height)| height.max(1.0));
    let lowest = heights().fold(f64::INFINITY, f64::min) / 2.0;
    let highest = heights().fold(1.0, f64::max) * 2.0;
    let names = groups.first().map(|group| &group.bars[..]).unwrap_or_default();
    let mut chart = ChartBuilder::on(&root)
        .caption(title, (FONT, 20))
        .margin(10)
        .x_label_area_size(30)
        .y_label_area_size(70)
        .build_cartesian_2d(0.0..groups.len() as f64, (lowest..highest).log_scale())?;
    chart.configure_mesh().disable_x_mesh().x_labels(0).y_label_formatter(&|height| short(*height)).draw()?;
    for (index, &(name, _)) in names.iter().enumerate() {
        let colour = Palette99::pick(index).to_rgba();
        let width = 0.8 / names.len() as f64;
        let bars = groups.iter().enumerate().filter_map(|(position, group)| {
            let (_, height) = group.bars.iter().find(|(found, _)| *found == name)?;
            let left = position as f64 + 0.1 + index as f64 * width;
            let corners = [(left, lowest), (left + width * 0.9, height.max(lowest))];
            Some(Rectangle::new(corners, colour.filled()))
        });
        chart
            .draw_series(bars)?
            .label(name)
            .legend(move |(x, y)| Rectangle::new([(x, y - 5), (x + 12, y + 5)], colour.filled()));
    }
    let area = chart.plotting_area();
    for (position, group) in groups.iter().enumerate() {
        let below = area.map_coordinate(&(position as f64 + 0.2, lowest));
        root.draw(&Text::new(group.label.to_owned(), (below.0, below.1 + 8), (FONT, 14)))?;
    }
    legend(&mut chart)?;
    root.present()?;
    Ok(())
}

/// The cost of a request along the number of connections, and along the number in flight on one.
fn curves(title: &str, svg: &mut String, results: &Results) -> DrawResult {
    let root = SVGBackend::with_string(svg, SIZE).into_drawing_area();
    root.fill(&WHITE)?;
    let curve = |contestant: &str, along: Along| -> Vec<(f64, f64)> {
        results.curve(contestant, along).into_iter().map(|(load, cost)| (load as f64, cost)).collect()
    };
    let curves = [
        ("remoting, connections", curve("remoting", Along::Connections)),
        ("remoting, in flight", curve("remoting", Along::InFlight)),
        ("raw, connections", curve("raw", Along::Connections)),
        ("raw, in flight", curve("raw", Along::InFlight)),
    ];
    let highest =
        curves.iter().flat_map(|(_, points)| points).fold(0.0_f64, |highest, point| highest.max(point.1));
    let mut chart = ChartBuilder::on(&root)
        .caption(title, (FONT, 20))
        .margin(10)
        .x_label_area_size(40)
        .y_label_area_size(60)
        .build_cartesian_2d((1.0..10_000.0).log_scale(), 0.0..highest * 1.15)?;
    chart
        .configure_mesh()
        .x_label_formatter(&|many| short(*many))
        .x_desc("connections with one request each, or requests in flight on one connection")
        .y_desc("µs")
        .draw()?;
    for (index, (name, points)) in curves.into_iter().enumerate() {
        let colour = Palette99::pick(index).to_rgba();
        chart
            .draw_series(LineSeries::new(points, colour.stroke_width(2)).point_size(3))?
            .label(name)
            .legend(move |(x, y)| PathElement::new([(x, y), (x + 14, y)], colour.stroke_width(2)));
    }
    legend(&mut chart)?;
    root.present()?;
    Ok(())
}

/// Whose colour is whose.
fn legend<'a, CT: CoordTranslate>(chart: &mut ChartContext<'a, SVGBackend<'a>, CT>) -> DrawResult {
    chart
        .configure_series_labels()
        .position(SeriesLabelPosition::UpperRight)
        .background_style(WHITE.mix(0.8))
        .border_style(BLACK.mix(0.3))
        .draw()?;
    Ok(())
}

/// 1500000 is 1.5M.
fn short(value: f64) -> String {
    match value {
        large if large >= 1e6 => format!("{}M", value / 1e6),
        large if large >= 1e3 => format!("{}k", value / 1e3),
        _ => format!("{value}"),
    }
}

#[cfg(test)]
mod tests {
    use super::super::contestant::Stack;
    use super::super::results::samples;
    use super::{draw, memory, requests, short};

    #[test]
    fn every_kind_of_drawing_is_made() {
        let mut results = samples::results();
        for (connections, name) in [(1, "scaling/pinned/1x1"), (10, "scaling/pinned/10x1")] {
            let row = samples::row(Stack::Remoting, "remoting", 1e5, 1e6);
            results.echo.push(samples::case(connections, 1, name, vec![row]));
        }
        let drawn = draw(&results).unwrap();
        let files: Vec<&str> = drawn.iter().map(|plot| plot.file).collect();
        assert_eq!(files, ["pinned.svg", "idle.svg", "scaling.svg"]);
        for plot in drawn {
            assert!(plot.svg.contains("remoting"), "{} has no legend", plot.file);
            assert!(plot.svg.trim_end().ends_with("</svg>"), "{} has no end", plot.file);
        }
    }

    #[test]
    fn each_case_of_a_group_has_its_contestants() {
        let results = samples::results();
        let groups = requests(&results.echo, "echo/pinned/");
        assert_eq!(groups[0].label, "1x64");
        assert_eq!(groups[0].bars[1], ("remoting", 250_000.0));
        assert!(requests(&results.echo, "echo/free/").is_empty());
    }

    #[test]
    fn idle_memory_is_shown_before_and_after_the_first_request() {
        let results = samples::results();
        let bars: Vec<_> = memory(&results.idle).into_iter().map(|group| group.bars).collect();
        assert_eq!(bars, [[("remoting", 2_005.0)], [("remoting", 4_005.0)]]);
    }

    #[test]
    fn large_numbers_are_written_short() {
        for (value, text) in [(5.0, "5"), (10_000.0, "10k"), (1_500_000.0, "1.5M")] {
            assert_eq!(short(value), text);
        }
    }
}
