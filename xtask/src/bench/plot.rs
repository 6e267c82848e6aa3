//! Drawings of the results.

use std::path::Path;

use anyhow::{Context, anyhow};
use plotters::prelude::*;

use super::results::{CaseResult, Results};

const SIZE: (u32, u32) = (900, 420);
const FONT: &str = "sans-serif";

/// Writes all drawings into the directory; gives title and file name of each.
pub(super) fn write(
    results: &Results,
    directory: &Path,
) -> anyhow::Result<Vec<(&'static str, &'static str)>> {
    std::fs::create_dir_all(directory).with_context(|| format!("cannot create {}", directory.display()))?;
    let mut drawn = Vec::new();
    for (title, file, group) in [
        ("Requests per second, one core", "pinned.svg", "echo/pinned/"),
        ("Requests per second, free placement", "free.svg", "echo/free/"),
    ] {
        let cases: Vec<&CaseResult> =
            results.echo.iter().filter(|case| case.name.starts_with(group)).collect();
        if !cases.is_empty() {
            bars(title, &directory.join(file), group, &cases).map_err(|error| anyhow!("{file}: {error}"))?;
            drawn.push((title, file));
        }
    }
    let scaling: Vec<&CaseResult> =
        results.echo.iter().filter(|case| case.name.starts_with("scaling/")).collect();
    if !scaling.is_empty() {
        let (title, file) = ("CPU time of one request, server and client", "scaling.svg");
        curves(title, &directory.join(file), &scaling).map_err(|error| anyhow!("{file}: {error}"))?;
        drawn.push((title, file));
    }
    Ok(drawn)
}

type DrawResult = Result<(), Box<dyn std::error::Error>>;

/// Groups of bars, one group for each case and one colour for each contestant.
fn bars(title: &str, path: &Path, group: &str, cases: &[&CaseResult]) -> DrawResult {
    let root = SVGBackend::new(path, SIZE).into_drawing_area();
    root.fill(&WHITE)?;
    let rates = || cases.iter().flat_map(|case| &case.rows).map(|row| row.requests_per_second.max(1.0));
    let lowest = rates().fold(f64::INFINITY, f64::min) / 2.0;
    let highest = rates().fold(1.0, f64::max) * 2.0;
    let names = cases.first().map(|case| &case.rows[..]).unwrap_or_default();
    let mut chart = ChartBuilder::on(&root)
        .caption(title, (FONT, 20))
        .margin(10)
        .x_label_area_size(30)
        .y_label_area_size(70)
        .build_cartesian_2d(0.0..cases.len() as f64, (lowest..highest).log_scale())?;
    chart
        .configure_mesh()
        .disable_x_mesh()
        .x_labels(0)
        .y_label_formatter(&|rate| short(*rate))
        .y_desc("requests/s")
        .draw()?;
    for (index, name) in names.iter().enumerate() {
        let colour = Palette99::pick(index).to_rgba();
        let width = 0.8 / names.len() as f64;
        let bars = cases.iter().enumerate().filter_map(|(position, case)| {
            let row = case.rows.iter().find(|row| row.contestant == name.contestant)?;
            let left = position as f64 + 0.1 + index as f64 * width;
            let corners = [(left, lowest), (left + width * 0.9, row.requests_per_second.max(lowest))];
            Some(Rectangle::new(corners, colour.filled()))
        });
        chart
            .draw_series(bars)?
            .label(name.contestant.clone())
            .legend(move |(x, y)| Rectangle::new([(x, y - 5), (x + 12, y + 5)], colour.filled()));
    }
    let area = chart.plotting_area();
    for (position, case) in cases.iter().enumerate() {
        let below = area.map_coordinate(&(position as f64 + 0.2, lowest));
        let label = case.name.trim_start_matches(group).to_owned();
        root.draw(&Text::new(label, (below.0, below.1 + 8), (FONT, 14)))?;
    }
    chart
        .configure_series_labels()
        .position(SeriesLabelPosition::UpperRight)
        .background_style(WHITE.mix(0.8))
        .border_style(BLACK.mix(0.3))
        .draw()?;
    root.present()?;
    Ok(())
}

/// The cost of a request along the number of connections, and along the number in flight on one.
fn curves(title: &str, path: &Path, cases: &[&CaseResult]) -> DrawResult {
    let root = SVGBackend::new(path, SIZE).into_drawing_area();
    root.fill(&WHITE)?;
    let curve = |contestant: &str, along_connections: bool| -> Vec<(f64, f64)> {
        let cases = cases
            .iter()
            .filter(|case| if along_connections { case.window == 1 } else { case.connections == 1 });
        let points = cases.filter_map(|case| {
            let row = case.rows.iter().find(|row| row.contestant == contestant)?;
            let many = if along_connections { case.connections } else { case.window };
            // Seconds for a million requests are microseconds for one.
            Some((many as f64, row.server_cpu + row.client_cpu))
        });
        let mut points: Vec<(f64, f64)> = points.collect();
        points.sort_by(|one, other| one.0.total_cmp(&other.0));
        points
    };
    let curves = [
        ("remoting, connections", curve("remoting", true)),
        ("remoting, in flight", curve("remoting", false)),
        ("raw, connections", curve("raw", true)),
        ("raw, in flight", curve("raw", false)),
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
    chart
        .configure_series_labels()
        .position(SeriesLabelPosition::UpperRight)
        .background_style(WHITE.mix(0.8))
        .border_style(BLACK.mix(0.3))
        .draw()?;
    root.present()?;
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
    use super::short;

    #[test]
    fn large_numbers_are_written_short() {
        for (value, text) in [(5.0, "5"), (10_000.0, "10k"), (1_500_000.0, "1.5M")] {
            assert_eq!(short(value), text);
        }
    }
}
