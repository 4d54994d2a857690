//! Lines over time as SVG, for pages: written by hand, for a picture of a few lines needs no library.

use std::fmt::Write as _;

/// Size of the picture, and of the space around its lines, in pixels.
const WIDTH: f64 = 860.0;
const HEIGHT: f64 = 360.0;
const LEFT: f64 = 64.0;
const RIGHT: f64 = 180.0;
const TOP: f64 = 40.0;
const BOTTOM: f64 = 44.0;
/// Grid lines on each axis.
const STEPS: u32 = 5;
/// Colours that people who see colours differently can tell apart (Okabe and Ito).
const COLOURS: [&str; 8] =
    ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000", "#999933"];

/// A picture of lines.
#[derive(Debug, Clone, PartialEq)]
pub struct Plot {
    /// What it shows.
    pub title: String,
    /// What is measured, upwards.
    pub unit: &'static str,
    /// The lines, each with its label and its points: seconds, and what was measured.
    pub lines: Vec<(String, Vec<(f64, f64)>)>,
}

impl Plot {
    /// The picture as text.
    pub fn svg(&self) -> String {
        let (longest, highest) = self.bounds();
        let mut svg = String::new();
        // Writing to a text cannot fail.
        let _ = self.draw(&mut svg, longest, highest);
        svg
    }

    fn draw(&self, out: &mut String, longest: f64, highest: f64) -> std::fmt::Result {
        writeln!(
            out,
            r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="12">
<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>
<text x="{LEFT}" y="22" font-size="15">{}</text>"##,
            escaped(&self.title)
        )?;
        for step in 0..=STEPS {
            let share = f64::from(step) / f64::from(STEPS);
            let (x, y) = (LEFT + share * across(), TOP + (1.0 - share) * up());
            let (right, bottom) = (WIDTH - RIGHT, HEIGHT - BOTTOM);
            writeln!(
                out,
                r##"<path d="M{LEFT} {y:.1}H{right}M{x:.1} {TOP}V{bottom}" stroke="#ddd" fill="none"/>
<text x="{:.1}" y="{:.1}" text-anchor="end">{}</text>
<text x="{x:.1}" y="{:.1}" text-anchor="middle">{}</text>"##,
                LEFT - 6.0,
                y + 4.0,
                number(share * highest),
                bottom + 16.0,
                number(share * longest)
            )?;
        }
        let bottom = HEIGHT - 8.0;
        writeln!(out, r#"<text x="{LEFT}" y="{bottom}">{} over seconds</text>"#, escaped(self.unit))?;
        for (index, (label, points)) in self.lines.iter().enumerate() {
            let colour = COLOURS[index % COLOURS.len()];
            let place = |(x, y): &(f64, f64)| {
                format!("{:.1},{:.1}", LEFT + x / longest * across(), TOP + (1.0 - y / highest) * up())
            };
            let points: Vec<_> = points.iter().map(place).collect();
            let (x, y) =
                (WIDTH - RIGHT + 12.0, TOP + 18.0 * f64::from(u32::try_from(index).unwrap_or(0)) + 10.0);
            writeln!(
                out,
                r#"<polyline points="{}" fill="none" stroke="{colour}" stroke-width="1.5"/>
<text x="{x}" y="{y}" fill="{colour}">{}</text>"#,
                points.join(" "),
                escaped(label)
            )?;
        }
        writeln!(out, "</svg>")
    }

    /// The longest time and the highest value, neither of them 0.
    fn bounds(&self) -> (f64, f64) {
        let points = self.lines.iter().flat_map(|(_, points)| points);
        let (x, y) = points.fold((0.0_f64, 0.0_f64), |(x, y), point| (x.max(point.0), y.max(point.1)));
        let or_one = |value: f64| if value > 0.0 { value } else { 1.0 };
        (or_one(x), or_one(y))
    }
}

fn across() -> f64 {
    WIDTH - LEFT - RIGHT
}

fn up() -> f64 {
    HEIGHT - TOP - BOTTOM
}

/// With as many digits as an axis needs.
fn number(value: f64) -> String {
    if value >= 20.0 { format!("{value:.0}") } else { format!("{value:.1}") }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_drawn_within_the_picture() {
        let plot = Plot {
            title: "a < b".to_owned(),
            unit: "ms",
            lines: vec![
                ("one".to_owned(), vec![(0.0, 0.0), (10.0, 50.0)]),
                ("two".to_owned(), vec![(5.0, 25.0)]),
            ],
        };
        let svg = plot.svg();
        assert!(svg.starts_with("<svg ") && svg.ends_with("</svg>\n"), "{svg}");
        assert!(svg.contains("a &lt; b") && svg.contains(">one</text>"), "{svg}");
        assert!(svg.contains(r#"points="64.0,316.0 680.0,40.0""#), "{svg}");
        assert!(svg.contains(r#"points="372.0,178.0""#), "{svg}");
    }

    #[test]
    fn nothing_measured_is_an_empty_picture() {
        let plot = Plot { title: String::new(), unit: "ms", lines: vec![("none".to_owned(), Vec::new())] };
        assert!(plot.svg().contains(r#"points="""#));
    }
}
