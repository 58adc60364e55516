//! A report as one HTML file: no scripts, no fonts, nothing loaded from anywhere.
//!
//! The page follows the reader's light or dark setting, prints on A4 without splitting figures, and works on narrow
//! screens. All text is escaped; in running text, headings and captions `_{...}` and `^{...}` lower and raise parts.

use std::fmt;

use super::svg::Picture;
use super::text::{Shift, escape, number, plain, runs};
use super::theme;

/// A page under construction; its [`Display`](fmt::Display) text is the HTML file.
///
/// ```
/// use isotypic::draw::page::{Block, Page, Section, Status, Verdict};
/// let mut page = Page::new("Report on C_{8}", "What the network does with symmetry.");
/// page.sections.push(Section::new("Checks", vec![
///     Block::Verdicts(vec![Verdict::new("equivariance", Status::Passed, "exact")]),
/// ]));
/// page.reproduce = vec!["isotypic analyze net.onnx --group C8".to_string()];
/// let html = page.to_string();
/// assert!(html.contains("passed") && html.contains("C<sub>8</sub>"));
/// ```
#[derive(Debug, Clone, Default)]
pub struct Page {
    /// The title.
    pub title: String,
    /// One or two sentences under the title.
    pub lead: String,
    /// The sections; each gets an entry in the table of contents.
    pub sections: Vec<Section>,
    /// Commands that produce the page again, shown in the footer.
    pub reproduce: Vec<String>,
    /// Last line of the footer: version, date, credits.
    pub colophon: String,
}

/// A section of a page.
#[derive(Debug, Clone, Default)]
pub struct Section {
    /// The heading.
    pub heading: String,
    /// The content.
    pub blocks: Vec<Block>,
}

/// A piece of content.
#[derive(Debug, Clone)]
pub enum Block {
    /// A paragraph.
    Text(String),
    /// A summary: names and values.
    Facts(Vec<(String, String)>),
    /// Results of checks.
    Verdicts(Vec<Verdict>),
    /// Pictures with captions, side by side where there is room; numbered through the page.
    Figures(Vec<(Picture, String)>),
    /// A table.
    Table(Table),
    /// Text in fixed width, as it stands.
    Code(String),
    /// Content that opens on demand.
    Details {
        /// The line that is always visible.
        summary: String,
        /// The content.
        blocks: Vec<Block>,
    },
}

/// The outcome of a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// It holds.
    Passed,
    /// It does not hold.
    Failed,
    /// It was not made.
    Skipped,
}

/// A check and its outcome.
#[derive(Debug, Clone)]
pub struct Verdict {
    /// What was checked.
    pub name: String,
    /// The outcome.
    pub status: Status,
    /// How, by how much, or why not.
    pub detail: String,
}

impl Verdict {
    /// A verdict from its parts.
    pub fn new(name: &str, status: Status, detail: &str) -> Self {
        Verdict { name: name.to_string(), status, detail: detail.to_string() }
    }
}

/// A table; columns that hold only numbers are aligned to the right.
#[derive(Debug, Clone, Default)]
pub struct Table {
    /// Text above the table; may be empty.
    pub caption: String,
    /// Names of the columns.
    pub head: Vec<String>,
    /// The cells, row by row; short rows are filled up with empty cells.
    pub rows: Vec<Vec<String>>,
}

impl Page {
    /// A page without sections.
    pub fn new(title: &str, lead: &str) -> Self {
        Page { title: title.to_string(), lead: lead.to_string(), ..Page::default() }
    }
}

impl Section {
    /// A section from its parts.
    pub fn new(heading: &str, blocks: Vec<Block>) -> Self {
        Section { heading: heading.to_string(), blocks }
    }
}

impl fmt::Display for Page {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let style = include_str!("page.css").replace("FONT", theme::FONT);
        write!(
            f,
            "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n\
             <meta http-equiv=\"Content-Security-Policy\" \
             content=\"default-src 'none'; style-src 'unsafe-inline'\"/>\n\
             <title>{}</title>\n<style>\n{style}</style>\n</head>\n<body>\n<div class=\"page\">\n",
            escape(&plain(&self.title))
        )?;
        writeln!(f, "<header>\n<h1>{}</h1>", rich(&self.title))?;
        if !self.lead.is_empty() {
            writeln!(f, "<p class=\"lead\">{}</p>", rich(&self.lead))?;
        }
        writeln!(f, "</header>")?;
        if self.sections.len() > 1 {
            writeln!(f, "<nav aria-label=\"Contents\"><ol>")?;
            for (index, section) in self.sections.iter().enumerate() {
                writeln!(f, "<li><a href=\"#s{}\">{}</a></li>", index + 1, rich(&section.heading))?;
            }
            writeln!(f, "</ol></nav>")?;
        }
        writeln!(f, "<main>")?;
        let mut figures = 0;
        for (index, section) in self.sections.iter().enumerate() {
            writeln!(f, "<section id=\"s{}\">\n<h2>{}</h2>", index + 1, rich(&section.heading))?;
            write_blocks(f, &section.blocks, &mut figures)?;
            writeln!(f, "</section>")?;
        }
        writeln!(f, "</main>")?;
        if !self.reproduce.is_empty() || !self.colophon.is_empty() {
            writeln!(f, "<footer>")?;
            if !self.reproduce.is_empty() {
                let commands = escape(&self.reproduce.join("\n"));
                writeln!(f, "<p>How to reproduce this page:</p>\n<pre><code>{commands}</code></pre>")?;
            }
            if !self.colophon.is_empty() {
                writeln!(f, "<p>{}</p>", rich(&self.colophon))?;
            }
            writeln!(f, "</footer>")?;
        }
        writeln!(f, "</div>\n</body>\n</html>")
    }
}

/// Escaped text with raised and lowered parts.
fn rich(text: &str) -> String {
    let piece = |(shift, run): (Shift, &str)| match shift {
        Shift::Base => escape(run),
        Shift::Up => format!("<sup>{}</sup>", escape(run)),
        Shift::Down => format!("<sub>{}</sub>", escape(run)),
    };
    runs(text).into_iter().map(piece).collect()
}

fn write_blocks(f: &mut fmt::Formatter<'_>, blocks: &[Block], figures: &mut usize) -> fmt::Result {
    for block in blocks {
        match block {
            Block::Text(text) => writeln!(f, "<p>{}</p>", rich(text))?,
            Block::Facts(facts) => {
                writeln!(f, "<div class=\"scroll\"><table class=\"facts\"><tbody>")?;
                for (name, value) in facts {
                    let (name, value) = (rich(name), rich(value));
                    writeln!(f, "<tr><th scope=\"row\">{name}</th><td>{value}</td></tr>")?;
                }
                writeln!(f, "</tbody></table></div>")?;
            }
            Block::Verdicts(verdicts) => write_verdicts(f, verdicts)?,
            Block::Figures(pictures) => {
                writeln!(f, "<div class=\"figures\">")?;
                for (picture, caption) in pictures {
                    *figures += 1;
                    let caption = format!("<b>Figure {figures}.</b> {}", rich(caption));
                    let width = number(picture.width.ceil().max(300.0));
                    writeln!(f, "<figure style=\"flex-basis:{width}px\">")?;
                    writeln!(f, "{picture}<figcaption>{caption}</figcaption>\n</figure>")?;
                }
                writeln!(f, "</div>")?;
            }
            Block::Table(table) => write_table(f, table)?,
            Block::Code(code) => writeln!(f, "<pre><code>{}</code></pre>", escape(code))?,
            Block::Details { summary, blocks } => {
                writeln!(f, "<details>\n<summary>{}</summary>", rich(summary))?;
                write_blocks(f, blocks, figures)?;
                writeln!(f, "</details>")?;
            }
        }
    }
    Ok(())
}

fn write_verdicts(f: &mut fmt::Formatter<'_>, verdicts: &[Verdict]) -> fmt::Result {
    writeln!(f, "<ul class=\"verdicts\">")?;
    for verdict in verdicts {
        let (class, sign) = match verdict.status {
            Status::Passed => ("passed", "✓"),
            Status::Failed => ("failed", "✗"),
            Status::Skipped => ("skipped", "–"),
        };
        let badge = format!("<span class=\"badge {class}\">{sign} {class}</span>");
        let (name, detail) = (rich(&verdict.name), rich(&verdict.detail));
        writeln!(f, "<li>{badge}<span>{name} <span class=\"detail\">{detail}</span></span></li>")?;
    }
    writeln!(f, "</ul>")
}

fn write_table(f: &mut fmt::Formatter<'_>, table: &Table) -> fmt::Result {
    let columns = table.rows.iter().map(Vec::len).max().unwrap_or(0).max(table.head.len());
    let cell = |row: &[String], column: usize| row.get(column).cloned().unwrap_or_default();
    let numeric: Vec<bool> = (0..columns)
        .map(|column| {
            let filled = || table.rows.iter().filter_map(|row| row.get(column)).filter(|c| !c.is_empty());
            filled().next().is_some() && filled().all(|cell| is_number(cell))
        })
        .collect();
    let class = |column: usize| if numeric[column] { " class=\"num\"" } else { "" };
    writeln!(f, "<div class=\"scroll\"><table>")?;
    if !table.caption.is_empty() {
        writeln!(f, "<caption>{}</caption>", rich(&table.caption))?;
    }
    if !table.head.is_empty() {
        write!(f, "<thead><tr>")?;
        for column in 0..columns {
            write!(f, "<th scope=\"col\"{}>{}</th>", class(column), rich(&cell(&table.head, column)))?;
        }
        writeln!(f, "</tr></thead>")?;
    }
    writeln!(f, "<tbody>")?;
    for row in &table.rows {
        write!(f, "<tr>")?;
        for column in 0..columns {
            write!(f, "<td{}>{}</td>", class(column), rich(&cell(row, column)))?;
        }
        writeln!(f, "</tr>")?;
    }
    writeln!(f, "</tbody></table></div>")
}

/// Whether a cell reads as a number: digits with signs, fractions, exponents, spaces or a per cent sign.
fn is_number(cell: &str) -> bool {
    cell.contains(|c: char| c.is_ascii_digit())
        && cell.chars().all(|c| c.is_ascii_digit() || "+-−±.,/×^{}e %\u{a0}\u{2009}".contains(c))
}

#[cfg(test)]
mod tests {
    use super::super::graph::example;
    use super::super::layered::{Options, picture};
    use super::*;

    fn sample() -> String {
        let mut page = Page::new("Report on <C_{8}>", "A \"sample\" & more.");
        let figure = picture(&example(), &Options::default()).unwrap();
        let row = |cells: [&str; 3]| cells.map(String::from).to_vec();
        page.sections = vec![
            Section::new(
                "Summary",
                vec![
                    Block::Facts(vec![("group".to_string(), "C_{8}, order 8".to_string())]),
                    Block::Verdicts(vec![
                        Verdict::new("equivariance", Status::Passed, "exact"),
                        Verdict::new("completeness", Status::Failed, "2 < 3"),
                        Verdict::new("float check", Status::Skipped, "no data"),
                    ]),
                ],
            ),
            Section::new(
                "Graph & tables",
                vec![
                    Block::Figures(vec![(figure, "Where energy flows.".to_string())]),
                    Block::Table(Table {
                        caption: "Pieces".to_string(),
                        head: row(["name", "dim", "share"]),
                        rows: vec![row(["a", "1", "50 %"]), row(["b", "2", "−1.5e-3"])],
                    }),
                    Block::Details {
                        summary: "Weights".to_string(),
                        blocks: vec![Block::Code("if a < b && c > d".to_string())],
                    },
                ],
            ),
        ];
        page.reproduce = vec!["isotypic graph C8 -o graph.svg".to_string()];
        page.colophon = "Made by a test.".to_string();
        page.to_string()
    }

    /// Reads tags and checks that they nest; no quotes hold angle brackets, because those are escaped.
    fn assert_well_formed(html: &str) {
        let mut open: Vec<&str> = Vec::new();
        for tag in html.split('<').skip(1) {
            let (tag, text) = tag.split_once('>').expect("every tag ends");
            assert!(!text.contains('>') || open.last() == Some(&"style"), "stray bracket after {tag}");
            assert_eq!(tag.matches('"').count() % 2, 0, "quotes in {tag}");
            if let Some(name) = tag.strip_prefix('/') {
                assert_eq!(open.pop(), Some(name), "closing tag");
            } else if !tag.ends_with('/') && !tag.starts_with('!') {
                open.push(tag.split_whitespace().next().unwrap());
            }
        }
        assert!(open.is_empty(), "left open: {open:?}");
    }

    #[test]
    fn sample_is_well_formed_and_stands_alone() {
        let html = sample();
        assert_well_formed(&html);
        let names = html.replace("xmlns=\"http://www.w3.org/2000/svg\"", "");
        for forbidden in ["http://", "https://", "<script", "url(", "@import", "src="] {
            assert!(!names.contains(forbidden), "{forbidden}");
        }
    }

    #[test]
    fn sample_contains_its_parts() {
        let html = sample();
        for part in [
            "<title>Report on &lt;C_8&gt;</title>",
            "<h1>Report on &lt;C<sub>8</sub>&gt;</h1>",
            "<a href=\"#s2\">Graph &amp; tables</a>",
            "<section id=\"s2\">",
            "✓ passed",
            "✗ failed",
            "– skipped",
            "<b>Figure 1.</b>",
            "role=\"img\"",
            "<th scope=\"col\" class=\"num\">dim</th>",
            "<td class=\"num\">−1.5e-3</td>",
            "<td>a</td>",
            "if a &lt; b &amp;&amp; c &gt; d",
            "<details>",
            "isotypic graph C8",
            "@page { size: A4",
        ] {
            assert!(html.contains(part), "{part}");
        }
    }

    #[test]
    fn numbers_are_recognised() {
        assert!(["1", "−2.5", "1e-3", "3/4", "10^{6}", "12 %"].into_iter().all(is_number));
        assert!(!["", "a1", "C_{8}", "–"].into_iter().any(is_number));
    }
}
