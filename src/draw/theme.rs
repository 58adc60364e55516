//! The one visual style: colours, fonts and the style sheet that every picture carries.
//!
//! Colours are CSS classes that set `color`; shapes refer to them by `currentColor`. A second set takes over on
//! dark screens (never in print). Plain classes instead of CSS variables, because stand-alone SVG readers such as
//! librsvg, Inkscape and LaTeX converters do not know variables.

/// The font stack of pictures and pages.
pub const FONT: &str = "system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif";

/// How many colours the categorical palette has; further keys start again.
pub const CATEGORIES: usize = 8;

/// Categorical colours for white paper (Okabe and Ito 2008; yellow darkened and black replaced by grey, so that
/// each can also be a line on white).
const LIGHT: [&str; CATEGORIES] =
    ["#0072b2", "#e08e00", "#009e73", "#c46a9b", "#56b4e9", "#d55e00", "#a89a00", "#7a828c"];

/// The same colours for a dark screen.
const DARK: [&str; CATEGORIES] =
    ["#4796d8", "#eba937", "#2cb58c", "#db90bb", "#86ccf4", "#ee7c48", "#e0d54a", "#9aa3ad"];

/// Neutral colours: class, light, dark.
const NEUTRAL: [(&str, &str, &str); 5] = [
    ("paper", "#ffffff", "#15181c"),
    ("ink", "#1b1f24", "#e6e8eb"),
    ("soft", "#5a636e", "#a5adb7"),
    ("line", "#6f7883", "#939ca7"),
    ("rule", "#e1e4e8", "#343a42"),
];

/// The class that gives an element the colour of category `key`.
///
/// ```
/// assert_eq!(isotypic::draw::theme::category(9), "k1");
/// ```
pub fn category(key: usize) -> String {
    format!("k{}", key % CATEGORIES)
}

/// How strongly areas of category `key` are tinted; each round through the palette has its own strength.
pub fn tint(key: usize) -> f64 {
    [0.17, 0.45, 0.03][key / CATEGORIES % 3]
}

/// The colour of category `key` on white paper, for formats without style sheets.
pub fn category_light(key: usize) -> &'static str {
    LIGHT[key % CATEGORIES]
}

/// The style sheet of a picture.
pub fn style() -> String {
    let rules = |pick: fn(&(&str, &str, &str)) -> String, palette: &[&str]| {
        let neutral: String = NEUTRAL.iter().map(pick).collect();
        let keys = palette.iter().enumerate().map(|(k, c)| format!(".fig .k{k}{{color:{c}}}"));
        neutral + &keys.collect::<String>()
    };
    let light = rules(|(class, light, _)| format!(".fig .{class}{{color:{light}}}"), &LIGHT);
    let dark = rules(|(class, _, dark)| format!(".fig .{class}{{color:{dark}}}"), &DARK);
    format!(
        ".fig{{font-family:{FONT}}}{light}\
         @media screen and (prefers-color-scheme:dark){{{dark}}}"
    )
}

/// Control points of the sequential map: dark violet over blue and green to pale yellow, lightness rising evenly.
const SEQUENTIAL: [[f64; 3]; 9] = [
    [62.0, 18.0, 92.0],
    [66.0, 52.0, 128.0],
    [57.0, 86.0, 145.0],
    [45.0, 117.0, 149.0],
    [37.0, 147.0, 144.0],
    [57.0, 176.0, 127.0],
    [112.0, 202.0, 99.0],
    [180.0, 222.0, 82.0],
    [249.0, 236.0, 112.0],
];

/// Control points of the diverging map: blue over near-white to vermilion, alike in lightness on both sides.
const DIVERGING: [[f64; 3]; 7] = [
    [16.0, 78.0, 139.0],
    [66.0, 133.0, 190.0],
    [158.0, 197.0, 226.0],
    [246.0, 245.0, 242.0],
    [244.0, 184.0, 148.0],
    [214.0, 106.0, 58.0],
    [150.0, 52.0, 14.0],
];

/// An opaque colour, red, green and blue in 0..=255.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rgb(pub [u8; 3]);

impl Rgb {
    /// The colour as `#rrggbb`.
    pub fn hex(self) -> String {
        let [r, g, b] = self.0;
        format!("#{r:02x}{g:02x}{b:02x}")
    }

    /// Relative luminance in 0..=1 (WCAG 2).
    pub fn luminance(self) -> f64 {
        let linear = self.0.map(|channel| {
            let c = f64::from(channel) / 255.0;
            if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
        });
        0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    }

    /// Black or white, whichever is easier to read on this colour.
    pub fn contrasting(self) -> &'static str {
        if self.luminance() > 0.2 { "#111" } else { "#fff" }
    }
}

/// The sequential map at `t` in 0..=1 (values outside are moved to the ends).
///
/// ```
/// use isotypic::draw::theme::sequential;
/// assert!(sequential(0.0).luminance() < sequential(1.0).luminance());
/// ```
pub fn sequential(t: f64) -> Rgb {
    between(&SEQUENTIAL, t)
}

/// The diverging map at `t` in -1..=1; zero is nearly white.
pub fn diverging(t: f64) -> Rgb {
    between(&DIVERGING, (t + 1.0) / 2.0)
}

fn between(points: &[[f64; 3]], t: f64) -> Rgb {
    let place = t.clamp(0.0, 1.0) * (points.len() - 1) as f64;
    let left = (place.floor() as usize).min(points.len() - 2);
    let share = if place.is_finite() { place - left as f64 } else { 0.0 };
    let mix = |i: usize| (points[left][i] * (1.0 - share) + points[left + 1][i] * share).round() as u8;
    Rgb([mix(0), mix(1), mix(2)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sequential_map_rises_in_lightness() {
        let steps: Vec<f64> = (0..=64).map(|i| sequential(f64::from(i) / 64.0).luminance().cbrt()).collect();
        assert!(steps.windows(2).all(|w| w[1] > w[0] && w[1] - w[0] < 0.025));
    }

    #[test]
    fn diverging_map_is_lightest_in_the_middle() {
        assert!(diverging(0.0).luminance() > 0.85);
        assert!((diverging(-1.0).luminance() - diverging(1.0).luminance()).abs() < 0.05);
    }

    #[test]
    fn categories_stand_out_on_paper() {
        let read =
            |hex: &str| Rgb([1, 3, 5].map(|i| u8::from_str_radix(&hex[i..i + 2], 16).unwrap())).luminance();
        assert!(LIGHT.iter().all(|c| 1.05 / (read(c) + 0.05) > 2.2));
        assert!(DARK.iter().all(|c| (read(c) + 0.05) / (read(NEUTRAL[0].2) + 0.05) > 4.5));
    }
}
