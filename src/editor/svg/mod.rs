//! A scene as an SVG picture: the brush that writes what the canvas shows.
//!
//! It decides nothing about looks, and knows nothing of files. All that a person wrote is escaped.

use std::f64::consts::{PI, TAU};
use std::fmt::Write as _;

use super::paint::{Align, Brush, Face, GLYPH_SIZE, Palette, Words, glyph_path, paint};
use super::scene::{Scene, View};
use super::{Point, Rect};
use crate::nodes::Glyph;

/// How wide a text is, where that is known.
pub type Measure<'a> = &'a mut dyn FnMut(&str, Face) -> Option<f64>;

/// A picture of what can be seen in a view, `scale` times as large as on the screen.
pub fn picture(
    name: &str,
    (scene, view): (&Scene, &View),
    palette: &Palette,
    scale: f64,
    measure: Measure<'_>,
) -> String {
    let seen = view.camera.visible(view.width, view.height);
    let mut brush = SvgBrush {
        text: head(
            name,
            seen,
            Point::new(view.width, view.height) * scale,
            &palette.font,
        ),
        path: String::new(),
        at: Point::default(),
        opacity: 1.0,
        dashes: String::new(),
        round_ends: false,
        measure,
    };
    brush.begin();
    brush.rounded(seen, 0.0);
    brush.fill(&palette.ground);
    paint(&mut brush, palette, scene, view);
    brush.text.push_str("</svg>\n");
    brush.text
}

fn head(name: &str, seen: Rect, size: Point, font: &str) -> String {
    let (width, height) = (Short(size.x), Short(size.y));
    let (x, y, w, h) = (Short(seen.x), Short(seen.y), Short(seen.w), Short(seen.h));
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
         viewBox=\"{x} {y} {w} {h}\" font-family=\"{}\" stroke-miterlimit=\"10\">\n\
         <title>{}</title>\n",
        escaped(font),
        escaped(name)
    )
}

/// Writes elements.
struct SvgBrush<'a> {
    text: String,
    /// The path so far, and where it ends.
    path: String,
    at: Point,
    opacity: f64,
    dashes: String,
    round_ends: bool,
    measure: Measure<'a>,
}

impl SvgBrush<'_> {
    /// Adds a command to the path, with the point where it ends.
    fn go(&mut self, command: char, to: Point) {
        let _ = write!(self.path, "{command}{} {}", Short(to.x), Short(to.y));
        self.at = to;
    }

    /// An attribute with a colour, and one with how much it covers.
    fn paint_with(&mut self, what: &str, colour: &str) {
        let (colour, cover) = plain_colour(colour);
        let cover = cover * self.opacity;
        let _ = write!(self.text, " {what}=\"{}\"", escaped(&colour));
        if cover < 1.0 {
            let _ = write!(self.text, " {what}-opacity=\"{}\"", Short(cover));
        }
    }

    /// How wide a text is to be if it does not fit into its room.
    fn squeezed(&mut self, words: &Words<'_>, times: f64) -> Option<f64> {
        let room = words.room?;
        let width = (self.measure)(words.text, words.face)? * times;
        (width > room).then_some(room)
    }
}

impl Brush for SvgBrush<'_> {
    fn begin(&mut self) {
        self.path.clear();
    }

    fn move_to(&mut self, to: Point) {
        self.go('M', to);
    }

    fn line_to(&mut self, to: Point) {
        self.go('L', to);
    }

    fn curve_to(&mut self, lead: Point, follow: Point, end: Point) {
        for (command, point) in [('C', lead), (' ', follow), (' ', end)] {
            self.go(command, point);
        }
    }

    fn arc(&mut self, middle: Point, radius: f64, from: f64, to: f64) {
        let on_circle = |angle: f64| {
            let (sin, cos) = libm::sincos(angle);
            middle + Point::new(cos, sin) * radius
        };
        let start = on_circle(from);
        if self.path.is_empty() {
            self.go('M', start);
        } else if self.at.distance(start) > 0.01 {
            self.go('L', start);
        }
        // An arc may not end where it starts, so it is drawn in parts of half a circle or less.
        let turn = (to - from).clamp(0.0, TAU);
        let parts = (turn / PI - 1e-9).ceil().max(0.0);
        for part in 1..=parts as u32 {
            let end = on_circle(from + turn * f64::from(part) / parts);
            let _ = write!(self.path, "A{0} {0} 0 0 1", Short(radius));
            self.go(' ', end);
        }
    }

    fn rounded(&mut self, rect: Rect, radius: f64) {
        let Rect { x, y, w, h } = rect;
        let r = radius.min(w / 2.0).min(h / 2.0).max(0.0);
        if r == 0.0 {
            let _ = write!(self.path, "M{} {}", Short(x), Short(y));
            let _ = write!(self.path, "h{1}v{2}h{0}z", Short(-w), Short(w), Short(h));
            return;
        }
        let (right, bottom) = (rect.right(), rect.bottom());
        let corners = [
            (Point::new(right - r, y), Point::new(right, y + r)),
            (Point::new(right, bottom - r), Point::new(right - r, bottom)),
            (Point::new(x + r, bottom), Point::new(x, bottom - r)),
            (Point::new(x, y + r), Point::new(x + r, y)),
        ];
        self.go('M', Point::new(x + r, y));
        for (before, after) in corners {
            self.go('L', before);
            let _ = write!(self.path, "A{0} {0} 0 0 1", Short(r));
            self.go(' ', after);
        }
        self.path.push('z');
    }

    fn fill(&mut self, colour: &str) {
        if self.path.is_empty() {
            return;
        }
        let _ = write!(self.text, "<path d=\"{}\"", self.path);
        self.paint_with("fill", colour);
        self.text.push_str("/>\n");
    }

    fn stroke(&mut self, colour: &str, width: f64) {
        if self.path.is_empty() {
            return;
        }
        let (path, width) = (&self.path, Short(width));
        let _ = write!(
            self.text,
            "<path d=\"{path}\" fill=\"none\" stroke-width=\"{width}\""
        );
        self.paint_with("stroke", colour);
        if !self.dashes.is_empty() {
            let _ = write!(self.text, " stroke-dasharray=\"{}\"", self.dashes);
        }
        if self.round_ends {
            self.text.push_str(" stroke-linecap=\"round\"");
        }
        self.text.push_str("/>\n");
    }

    fn set_opacity(&mut self, opacity: f64) {
        self.opacity = opacity;
    }

    fn set_dashes(&mut self, lengths: &[f64]) {
        let lengths: Vec<String> = lengths
            .iter()
            .map(|length| Short(*length).to_string())
            .collect();
        self.dashes = lengths.join(" ");
    }

    fn set_round_ends(&mut self, round: bool) {
        self.round_ends = round;
    }

    fn glyph(&mut self, glyph: Glyph, corner: Point, size: f64, colour: &str) {
        self.begin();
        let (x, y) = (Short(corner.x), Short(corner.y));
        let _ = write!(self.text, "<path transform=\"translate({x} {y})");
        if size != GLYPH_SIZE {
            let _ = write!(self.text, " scale({})", Short(size / GLYPH_SIZE));
        }
        let _ = write!(
            self.text,
            "\" d=\"{}\" fill=\"none\" stroke-width=\"1.5\" \
             stroke-linecap=\"round\" stroke-linejoin=\"round\"",
            glyph_path(glyph)
        );
        self.paint_with("stroke", colour);
        self.text.push_str("/>\n");
    }

    fn write_scaled(&mut self, words: Words<'_>, times: f64) {
        let (x, y) = (Short(words.at.x), Short(words.at.y));
        let (size, weight) = (Short(words.face.size() * times), words.face.weight());
        let _ = write!(
            self.text,
            "<text x=\"{x}\" y=\"{y}\" font-size=\"{size}\" font-weight=\"{weight}\""
        );
        self.text.push_str(match words.align {
            Align::Left => "",
            Align::Middle => " text-anchor=\"middle\"",
            Align::Right => " text-anchor=\"end\"",
        });
        if let Some(width) = self.squeezed(&words, times) {
            let width = Short(width);
            let _ = write!(
                self.text,
                " textLength=\"{width}\" lengthAdjust=\"spacingAndGlyphs\""
            );
        }
        self.paint_with("fill", words.colour);
        let _ = writeln!(self.text, ">{}</text>", escaped(words.text));
    }
}

/// A number with at most two digits after the point, which is finer than any screen.
struct Short(f64);

impl std::fmt::Display for Short {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let hundredths = (self.0 * 100.0).round().clamp(-1e12, 1e12) as i64;
        let (sign, size) = (
            if hundredths < 0 { "-" } else { "" },
            hundredths.unsigned_abs(),
        );
        let (whole, rest) = (size / 100, size % 100);
        match rest {
            0 => write!(f, "{sign}{whole}"),
            tenths if tenths % 10 == 0 => write!(f, "{sign}{whole}.{}", tenths / 10),
            _ => write!(f, "{sign}{whole}.{rest:02}"),
        }
    }
}

/// A colour that every program knows, and how much it covers: many do not know transparent ones.
fn plain_colour(colour: &str) -> (String, f64) {
    let Some((_, inside)) = colour
        .split_once("rgb")
        .and_then(|(_, rest)| rest.split_once('('))
    else {
        return (colour.to_owned(), 1.0);
    };
    let numbers: Vec<f64> = inside
        .split(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | '%')))
        .filter(|text| !text.is_empty())
        .map(|text| match text.strip_suffix('%') {
            Some(percent) => percent.parse().map_or(f64::NAN, |part: f64| part / 100.0),
            None => text.parse().unwrap_or(f64::NAN),
        })
        .collect();
    match numbers[..] {
        [r, g, b] => (format!("rgb({r},{g},{b})"), 1.0),
        [r, g, b, cover] if cover.is_finite() => (format!("rgb({r},{g},{b})"), cover),
        _ => (colour.to_owned(), 1.0),
    }
}

/// A text as it stands in XML. Characters that XML has no way to write are left out.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\t' | '\n' | '\r' => escaped.push(' '),
            '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => {}
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests;
