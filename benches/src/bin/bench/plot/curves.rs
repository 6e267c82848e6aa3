//! The cost of a request along the number of connections, and along the number in flight on one.

use super::super::results::{Along, Results};
use super::svg::{Anchor, Svg};
use super::{hue, short};

const SIZE: (f64, f64) = (900.0, 380.0);
const PANEL_WIDTH: f64 = 330.0;
const PANEL_HEIGHT: f64 = 240.0;
const TOP: f64 = 70.0;
/// From the left edge of a panel to its lowest load.
const INSET: f64 = 26.0;
/// Left edges of the panels.
const LEFT: [f64; 2] = [90.0, 530.0];

/// A scale whose steps are factors.
struct Logarithmic {
    lowest: f64,
    highest: f64,
}

impl Logarithmic {
    /// From the power of ten below all values to the one above.
    fn over(values: impl Iterator<Item = f64> + Clone) -> Option<Self> {
        let positive = values.filter(|value| *value > 0.0);
        let lowest = positive.clone().reduce(f64::min)?.log10().floor();
        let highest = positive.reduce(f64::max)?.log10().ceil();
        Some(Self { lowest, highest: highest.max(lowest + 1.0) })
    }

    /// 0 at the lower end, 1 at the upper.
    fn share(&self, value: f64) -> f64 {
        (value.log10() - self.lowest) / (self.highest - self.lowest)
    }

    fn powers_of_ten(&self) -> impl Iterator<Item = f64> + use<> {
        (self.lowest as i32..=self.highest as i32).map(|power| 10_f64.powi(power))
    }
}

/// None without numbers.
pub(super) fn draw(title: &str, results: &Results) -> Option<String> {
    let curve = |contestant, along| -> Vec<(f64, f64)> {
        results.curve(contestant, along).into_iter().map(|(load, cost)| (load as f64, cost)).collect()
    };
    let panels = [
        (Along::Connections, "connections with one request in flight each (logarithmic)"),
        (Along::InFlight, "requests in flight on one connection (logarithmic)"),
    ]
    .map(|(along, x_title)| (x_title, ["raw", "remoting"].map(|who| (who, curve(who, along)))));
    let mut svg = Svg::new(title);
    let mut is_empty = true;
    for ((x_title, curves), left) in panels.iter().zip(LEFT) {
        let points = || curves.iter().flat_map(|(_, points)| points);
        let x_scale = Logarithmic::over(points().map(|(load, _)| *load));
        // A value is written below its point.
        let y_scale = Logarithmic::over(points().flat_map(|(_, cost)| [*cost, cost * 0.6]));
        let (Some(x_scale), Some(y_scale)) = (x_scale, y_scale) else { continue };
        is_empty = false;
        let at = |(x, y): (f64, f64)| {
            let x = left + INSET + x_scale.share(x) * (PANEL_WIDTH - INSET);
            (x, TOP + (1.0 - y_scale.share(y)) * PANEL_HEIGHT)
        };
        let bottom = TOP + PANEL_HEIGHT;
        for x in x_scale.powers_of_ten() {
            let (x_at, _) = at((x, 1.0));
            svg.rule((x_at, bottom), (x_at, bottom + 4.0));
            svg.text(x_at, bottom + 18.0, Anchor::Middle, &short(x));
        }
        for y in y_scale.powers_of_ten() {
            let (_, y_at) = at((1.0, y));
            svg.rule((left, y_at), (left + PANEL_WIDTH, y_at));
            svg.text(left - 8.0, y_at + 4.0, Anchor::End, &short(y));
        }
        svg.text(left + PANEL_WIDTH / 2.0, bottom + 42.0, Anchor::Middle, x_title);
        svg.text_upwards(left - 56.0, TOP + PANEL_HEIGHT / 2.0, "µs of CPU (logarithmic)");
        for (who, points) in curves {
            let places: Vec<(f64, f64)> = points.iter().map(|point| at(*point)).collect();
            svg.curve(&places, hue(who));
            // Those of raw are the lower ones.
            let offset = if *who == "raw" { 18.0 } else { -9.0 };
            for ((x, y), (_, cost)) in places.iter().zip(points) {
                svg.text(*x, y + offset, Anchor::Middle, &short(*cost));
            }
        }
    }
    if is_empty {
        return None;
    }
    for (index, who) in ["remoting", "raw"].into_iter().enumerate() {
        let x = LEFT[0] + index as f64 * 110.0;
        svg.bar((x, 44.0), (14.0, 4.0), hue(who));
        svg.text(x + 20.0, 50.0, Anchor::Start, who);
    }
    Some(svg.end(SIZE))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_logarithmic_scale_goes_from_a_power_of_ten_to_a_power_of_ten() {
        let scale = Logarithmic::over([0.0, 0.06, 29.0].into_iter()).unwrap();
        assert_eq!(scale.powers_of_ten().map(short).collect::<Vec<_>>(), ["0.01", "0.1", "1", "10", "100"]);
        for (value, share) in [(0.01, 0.0), (1.0, 0.5), (100.0, 1.0)] {
            assert!((scale.share(value) - share).abs() < 1e-9, "{value}");
        }
        assert!(Logarithmic::over([0.0].into_iter()).is_none());
    }
}
