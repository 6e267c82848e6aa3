//! A drawing as SVG text.

use std::fmt::Write as _;

/// Between white and black, so that it is legible on either.
const INK: &str = "#7d7d7d";

/// Where a text is in relation to its position.
#[derive(Clone, Copy)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

/// Shapes, one above the other.
pub(super) struct Svg {
    body: String,
}

impl Svg {
    /// With a title above it, which is also what programs read aloud.
    pub(super) fn new(title: &str) -> Self {
        let mut svg = Self { body: format!("<title>{}</title>\n", escape(title)) };
        svg.heading(14.0, 26.0, title);
        svg
    }

    pub(super) fn heading(&mut self, x: f64, y: f64, text: &str) {
        let text = escape(text);
        let _ = writeln!(self.body, r#"<text x="{x:.1}" y="{y:.1}" class="heading">{text}</text>"#);
    }

    pub(super) fn text(&mut self, x: f64, y: f64, anchor: Anchor, text: &str) {
        let anchor = match anchor {
            Anchor::Start => "start",
            Anchor::Middle => "middle",
            Anchor::End => "end",
        };
        let text = escape(text);
        let _ = writeln!(self.body, r#"<text x="{x:.1}" y="{y:.1}" text-anchor="{anchor}">{text}</text>"#);
    }

    /// Turned by a quarter to the left, its middle at the position.
    pub(super) fn text_upwards(&mut self, x: f64, y: f64, text: &str) {
        let text = escape(text);
        let _ = writeln!(
            self.body,
            r#"<text transform="translate({x:.1} {y:.1}) rotate(-90)" text-anchor="middle">{text}</text>"#
        );
    }

    pub(super) fn bar(&mut self, (x, y): (f64, f64), (width, height): (f64, f64), fill: &str) {
        let _ = writeln!(
            self.body,
            r#"<rect x="{x:.1}" y="{y:.1}" width="{width:.1}" height="{height:.1}" fill="{fill}"/>"#
        );
    }

    /// A thin line, such as an axis.
    pub(super) fn rule(&mut self, (x1, y1): (f64, f64), (x2, y2): (f64, f64)) {
        let _ = writeln!(
            self.body,
            r#"<line x1="{x1:.1}" y1="{y1:.1}" x2="{x2:.1}" y2="{y2:.1}" stroke="{INK}" stroke-width="0.5"/>"#
        );
    }

    /// A line through these points, each of which is marked.
    pub(super) fn curve(&mut self, points: &[(f64, f64)], stroke: &str) {
        let path: Vec<String> = points.iter().map(|(x, y)| format!("{x:.1},{y:.1}")).collect();
        let path = path.join(" ");
        let _ = writeln!(
            self.body,
            r#"<polyline points="{path}" fill="none" stroke="{stroke}" stroke-width="2"/>"#
        );
        for (x, y) in points {
            let _ = writeln!(self.body, r#"<circle cx="{x:.1}" cy="{y:.1}" r="3" fill="{stroke}"/>"#);
        }
    }

    pub(super) fn end(self, (width, height): (f64, f64)) -> String {
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width:.0}\" height=\"{height:.0}\" \
             viewBox=\"0 0 {width:.0} {height:.0}\" role=\"img\">\n\
             <style>text {{ font: 12px sans-serif; fill: {INK} }} .heading {{ font-weight: bold }}</style>\n\
             {}</svg>\n",
            self.body
        )
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_not_taken_for_markup() {
        let mut svg = Svg::new("a < b");
        svg.text(1.0, 2.0, Anchor::End, "c & d");
        let svg = svg.end((10.0, 20.0));
        assert!(svg.contains("<title>a &lt; b</title>"), "{svg}");
        assert!(svg.contains(r#"<text x="1.0" y="2.0" text-anchor="end">c &amp; d</text>"#), "{svg}");
    }

    #[test]
    fn nothing_is_behind_the_drawing() {
        let svg = Svg::new("title").end((10.0, 20.0));
        assert!(!svg.contains("<rect") && !svg.contains("background"), "{svg}");
    }
}
