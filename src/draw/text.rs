//! Text for pictures: escaping, short numbers, raised and lowered parts, and an estimate of printed width.

/// `text` with the five characters that XML reserves replaced by entities and the control characters that XML
/// forbids left out; safe in element content and in quoted attributes of SVG and HTML.
///
/// ```
/// use isotypic::draw::text::escape;
/// assert_eq!(escape("a<b & \"c\""), "a&lt;b &amp; &quot;c&quot;");
/// ```
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\t' | '\n' | '\r' => out.push(c),
            '\u{fffe}' | '\u{ffff}' => {}
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

/// A coordinate rounded to two decimals, printed as short as possible; a value that is not finite prints as `0`.
///
/// ```
/// use isotypic::draw::text::number;
/// assert_eq!(number(2.0), "2");
/// assert_eq!(number(-0.001), "0");
/// assert_eq!(number(1.0 / 3.0), "0.33");
/// ```
pub fn number(x: f64) -> String {
    let rounded = (x * 100.0).round() / 100.0;
    if rounded == 0.0 || !rounded.is_finite() { "0".to_string() } else { rounded.to_string() }
}

/// Where a run of text stands relative to the line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shift {
    /// On the line.
    Base,
    /// Raised, from `^{...}`.
    Up,
    /// Lowered, from `_{...}`.
    Down,
}

/// Splits `10^{-3}` into its runs; marks without a closing brace are left as they stand.
pub fn runs(text: &str) -> Vec<(Shift, &str)> {
    let mut runs = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let mark = rest.match_indices(['^', '_']).find_map(|(start, sign)| {
            let inner = rest[start + 1..].strip_prefix('{')?;
            let length = inner.find('}')?;
            Some((start, if sign == "^" { Shift::Up } else { Shift::Down }, &inner[..length]))
        });
        let Some((start, shift, inner)) = mark else {
            runs.push((Shift::Base, rest));
            break;
        };
        if start > 0 {
            runs.push((Shift::Base, &rest[..start]));
        }
        runs.push((shift, inner));
        rest = &rest[start + inner.len() + 3..];
    }
    runs
}

/// `text` without its marks, for tooltips and descriptions: `10^{-3}` becomes `10^-3` and `C_{12}` becomes `C_12`.
pub fn plain(text: &str) -> String {
    let sign = |shift| match shift {
        Shift::Base => "",
        Shift::Up => "^",
        Shift::Down => "_",
    };
    runs(text).into_iter().map(|(shift, run)| format!("{}{run}", sign(shift))).collect()
}

/// The size of raised and lowered runs relative to the line's.
pub const SMALL: f64 = 0.74;

/// Estimated printed width of `text` at font size `size`, in the same unit, for a common sans-serif face.
///
/// The advance widths are those of Helvetica by classes of letters, with seven per cent added because system fonts
/// run a little wider.
///
/// ```
/// use isotypic::draw::text::width;
/// assert!(width("WWW", 12.0) > width("iii", 12.0));
/// assert!(width("x^{2}", 12.0) < width("x2", 12.0));
/// ```
pub fn width(text: &str, size: f64) -> f64 {
    let advance = |c: char| match c {
        'i' | 'j' | 'l' | '\'' | '|' => 0.23,
        'f' | 't' | ' ' | '.' | ',' | ':' | ';' | '!' | 'I' | '/' | '[' | ']' => 0.28,
        'r' | '(' | ')' | '-' | '`' | '{' | '}' | '"' => 0.34,
        'c' | 'k' | 's' | 'v' | 'x' | 'y' | 'z' | 'J' => 0.5,
        'm' | 'M' | '%' => 0.86,
        'w' | 'C' | 'D' | 'H' | 'N' | 'R' | 'U' | 'G' | 'O' | 'Q' => 0.75,
        'W' | '@' | '—' | '…' => 1.0,
        'A'..='Z' | '&' => 0.67,
        '+' | '<' | '>' | '=' | '~' | '−' | '×' | '±' => 0.59,
        c if c.is_ascii() => 0.556,
        '\u{2190}'..='\u{2bff}' | '\u{3000}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}' => 1.0,
        '\u{300}'..='\u{36f}' => 0.0,
        _ => 0.6,
    };
    let run_width = |(shift, run): (Shift, &str)| {
        let scale = if shift == Shift::Base { 1.0 } else { SMALL };
        scale * run.chars().map(advance).sum::<f64>()
    };
    1.07 * size * runs(text).into_iter().map(run_width).sum::<f64>()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn marks_are_split() {
        assert_eq!(
            runs("C_{12} a_b 10^{-3}"),
            [(Shift::Base, "C"), (Shift::Down, "12"), (Shift::Base, " a_b 10"), (Shift::Up, "-3")]
        );
        assert_eq!(runs("open_{1"), [(Shift::Base, "open_{1")]);
        assert_eq!(plain("C_{12}^{2}"), "C_12^2");
    }

    proptest! {
        #[test]
        fn escaped_text_holds_no_markup(text in any::<String>()) {
            let escaped = escape(&text);
            prop_assert!(!escaped.contains(['<', '>', '"', '\'', '\0']));
        }

        #[test]
        fn runs_never_panic_and_keep_unmarked_text(text in "[a-z^_{}é ]{0,12}") {
            let joined: String = runs(&text).into_iter().map(|(_, run)| run).collect();
            let letters = |s: &str| s.chars().filter(|c| c.is_alphabetic()).count();
            prop_assert_eq!(letters(&joined), letters(&text));
        }

        #[test]
        fn numbers_read_back(x in -1e6..1e6f64) {
            let back: f64 = number(x).parse().unwrap();
            prop_assert!((back - x).abs() <= 0.005 + 1e-9);
        }
    }
}
