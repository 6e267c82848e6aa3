//! What several rounds say together.

use serde::{Deserialize, Serialize};

/// One quantity, measured once in each round.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Sample {
    pub(super) median: f64,
    /// In their order, so that samples of the same rounds can be set against each other.
    pub(super) rounds: Vec<f64>,
}

impl Sample {
    pub(super) fn of(rounds: impl IntoIterator<Item = f64>) -> Self {
        let rounds: Vec<f64> = rounds.into_iter().map(to_four_digits).collect();
        Self { median: median(&rounds), rounds }
    }

    /// The distance from the median to the round that is farthest from it.
    pub(super) fn reach(&self) -> f64 {
        self.rounds.iter().map(|round| (round - self.median).abs()).fold(0.0, f64::max)
    }

    /// The [reach](Self::reach) as a share of the median. None of a single round, which says nothing about the next.
    pub(super) fn noise(&self) -> Option<f64> {
        match self.rounds.len() {
            0 | 1 => None,
            _ if self.median > 0.0 => Some(self.reach() / self.median),
            _ => Some(0.0),
        }
    }

    /// This divided by the other, round by round.
    pub(super) fn ratio_to(&self, other: &Self) -> Self {
        Self::of(self.rounds.iter().zip(&other.rounds).map(|(one, other)| one / other))
    }

    pub(super) fn plus(&self, other: &Self) -> Self {
        Self::of(self.rounds.iter().zip(&other.rounds).map(|(one, other)| one + other))
    }
}

/// The one in the middle; between the two in the middle if they are two. 0 of none.
fn median(values: &[f64]) -> f64 {
    let mut values = values.to_vec();
    values.sort_by(f64::total_cmp);
    match (values.len(), values.len() / 2) {
        (0, _) => 0.0,
        (count, middle) if count % 2 == 0 => f64::midpoint(values[middle - 1], values[middle]),
        (_, middle) => values[middle],
    }
}

/// More digits than four are noise, and make files of results long.
fn to_four_digits(value: f64) -> f64 {
    if value == 0.0 || !value.is_finite() {
        return value;
    }
    let exponent = 3 - value.abs().log10().floor() as i32;
    let scale = 10_f64.powi(exponent.abs());
    if exponent >= 0 { (value * scale).round() / scale } else { (value / scale).round() * scale }
}

/// How likely it is that, of so many rounds of one run and so many of another, all of the one are above all of the other,
/// if nothing but chance orders them. It holds whatever the distribution of the rounds.
pub(super) fn chance_of_separation(rounds: usize, others: usize) -> f64 {
    // Each choice of the places of the lower ones is as likely as any other, and two of them are separated.
    let choices = (1..=rounds).map(|place| (others + place) as f64 / place as f64).product::<f64>();
    (2.0 / choices).min(1.0)
}

/// The value below which this share of the values lies. 0 of none.
pub(super) fn quantile(values: &[f64], share: f64) -> f64 {
    let mut values = values.to_vec();
    values.sort_by(f64::total_cmp);
    let last = values.len().saturating_sub(1);
    values.get((last as f64 * share).round() as usize).copied().unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn assert_close(one: f64, other: f64) {
        assert!((one - other).abs() < 1e-9, "{one} is not {other}");
    }

    #[test]
    fn the_median_is_the_middle_whatever_the_order() {
        assert_close(Sample::of([3.0, 1.0, 100.0]).median, 3.0);
        assert_close(Sample::of([4.0, 1.0, 2.0, 100.0]).median, 3.0);
        assert_close(Sample::of([]).median, 0.0);
    }

    #[test]
    fn noise_is_the_distance_to_the_farthest_round_as_a_share_of_the_median() {
        assert_eq!(Sample::of([90.0, 100.0, 120.0]).noise(), Some(0.2));
        assert_eq!(Sample::of([0.0, 0.0]).noise(), Some(0.0));
    }

    #[test]
    fn a_single_round_says_nothing_about_the_noise() {
        assert_eq!(Sample::of([5.0]).noise(), None);
        assert_eq!(Sample::of([]).noise(), None);
    }

    #[test]
    fn the_chance_of_separation_is_that_of_drawing_all_of_one_run_first() {
        assert_close(chance_of_separation(1, 1), 1.0);
        assert_close(chance_of_separation(3, 3), 2.0 / 20.0);
        assert_close(chance_of_separation(5, 5), 2.0 / 252.0);
        assert_close(chance_of_separation(10, 10), 2.0 / 184_756.0);
        assert_close(chance_of_separation(3, 5), chance_of_separation(5, 3));
    }

    #[test]
    fn a_quantile_is_one_of_the_values() {
        let values: Vec<f64> = (0..=100).map(f64::from).collect();
        assert_close(quantile(&values, 0.5), 50.0);
        assert_close(quantile(&values, 0.95), 95.0);
        assert_close(quantile(&[], 0.5), 0.0);
    }

    #[test]
    fn a_ratio_is_taken_in_each_round_and_not_of_the_medians() {
        // Each round was twice as slow as the one before, for both.
        let (ours, raw) = (Sample::of([40.0, 20.0, 10.0]), Sample::of([80.0, 40.0, 20.0]));
        let ratio = ours.ratio_to(&raw);
        assert_close(ratio.median, 0.5);
        assert_eq!(ratio.noise(), Some(0.0));
    }

    #[test]
    fn a_sum_is_taken_in_each_round() {
        let sum = Sample::of([1.0, 2.0]).plus(&Sample::of([10.0, 20.0]));
        assert_eq!(sum.rounds, [11.0, 22.0]);
    }

    #[test]
    fn four_digits_are_kept() {
        for (value, kept) in [(123_456.0, 123_500.0), (0.123_456, 0.123_5), (12.0, 12.0), (0.0, 0.0)] {
            assert_close(to_four_digits(value), kept);
        }
    }
}
