//! How steeply something grows.

/// The slope of the line that fits these points best (least squares); `None` for fewer than two different places.
pub(super) fn slope(points: &[(f64, f64)]) -> Option<f64> {
    let count = points.iter().fold(0.0, |count, _| count + 1.0);
    let mean = |part: fn(&(f64, f64)) -> f64| points.iter().map(part).sum::<f64>() / count;
    let (mean_x, mean_y) = (mean(|point| point.0), mean(|point| point.1));
    let spread: f64 = points.iter().map(|(x, _)| (x - mean_x).powi(2)).sum();
    let along: f64 = points.iter().map(|(x, y)| (x - mean_x) * (y - mean_y)).sum();
    (spread > 0.0).then(|| along / spread)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_its_slope_and_a_point_has_none() {
        let line: Vec<_> = [0.0, 1.0, 2.0, 5.0].map(|x| (x, 3.0 - 2.0 * x)).into();
        assert!((slope(&line).unwrap() + 2.0).abs() < 1e-9);
        assert!((slope(&[(0.0, 0.0), (1.0, 4.0), (2.0, 2.0)]).unwrap() - 1.0).abs() < 1e-9);
        assert_eq!((slope(&[(1.0, 2.0)]), slope(&[])), (None, None));
    }
}
