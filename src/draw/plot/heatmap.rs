//! A matrix as a field of colours.

use super::super::svg::{Anchor, Element, Picture};
use super::super::text::number;
use super::super::{text, theme};
use super::scale::{SIZE, Scale, Ticks};
use super::{Axis, longest, short};
use crate::error::{Error, Result};

/// A matrix as colours, row 0 on top; larger values are darker.
///
/// ```
/// use isotypic::draw::plot::Heatmap;
/// let mut map = Heatmap::new("Energy flow", vec![vec![1.0, 0.0], vec![0.32, 0.68]]);
/// map.rows = vec!["0".into(), "1".into()];
/// map.columns = map.rows.clone();
/// assert!(map.picture()?.to_string().contains("0.68"));
/// # Ok::<(), isotypic::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Heatmap {
    /// Title above the picture; may be empty.
    pub title: String,
    /// One sentence for screen readers.
    pub description: String,
    /// `values[row][column]`; entries that are not finite stay empty.
    pub values: Vec<Vec<f64>>,
    /// Names of the rows; may be empty.
    pub rows: Vec<String>,
    /// Names of the columns; may be empty.
    pub columns: Vec<String>,
    /// What the rows are.
    pub row_label: String,
    /// What the columns are.
    pub column_label: String,
    /// Values at the ends of the colour map; chosen from the data if absent.
    pub range: Option<(f64, f64)>,
    /// Diverging colours, symmetric about zero.
    pub signed: bool,
    /// Leave exact zeros uncoloured, so that the pattern of zeros shows.
    pub blank_zeros: bool,
    /// Print the numbers into the cells if there is room (at most sixteen columns).
    pub numbers: bool,
}

impl Heatmap {
    /// A map of `values` with numbers in the cells and sequential colours.
    pub fn new(title: &str, values: Vec<Vec<f64>>) -> Self {
        Heatmap {
            title: title.to_string(),
            description: String::new(),
            values,
            rows: Vec::new(),
            columns: Vec::new(),
            row_label: String::new(),
            column_label: String::new(),
            range: None,
            signed: false,
            blank_zeros: true,
            numbers: true,
        }
    }

    /// Draws the map with its colour bar.
    ///
    /// # Errors
    /// [`Error::Shape`] if rows differ in length or names in number; [`Error::Input`] if the range is empty.
    pub fn picture(&self) -> Result<Picture> {
        let columns = self.check()?;
        let rows = self.values.len();
        let numbers = self.numbers && columns <= 16;
        let cell = if numbers { (42.0, 28.0) } else { (cell_size(columns), cell_size(rows)) };
        let left =
            18.0 + longest(self.rows.iter(), SIZE) + if self.row_label.is_empty() { 0.0 } else { 24.0 };
        let upright = longest(self.columns.iter(), SIZE) + 4.0 <= cell.0;
        let names = match (self.columns.is_empty(), upright) {
            (true, _) => 6.0,
            (false, true) => 18.0,
            (false, false) => 10.0 + longest(self.columns.iter(), SIZE),
        };
        let top = if self.title.is_empty() { 8.0 } else { 34.0 };
        let top = top + names + if self.column_label.is_empty() { 0.0 } else { 18.0 };
        let (right, bottom) = (left + cell.0 * columns as f64, top + cell.1 * rows as f64);
        let width = (right + 76.0).max(1.15 * text::width(&self.title, 13.5) + 28.0);
        let name = if self.title.is_empty() { "Matrix" } else { &self.title };
        let description = match self.description.as_str() {
            "" => format!("Matrix of {rows} rows and {columns} columns as colours."),
            given => given.to_string(),
        };
        let bar_end = bottom.max(top + 60.0);
        let mut picture = Picture::new(width, bar_end + 14.0, name, &description);
        if !self.title.is_empty() {
            let title = Element::text((14.0, 23.0), Anchor::Start, 13.5, &self.title);
            picture.body.push(title.with("font-weight", 600.0));
        }
        let (low, high) = self.ends();
        let colour = |value: f64| {
            let share = (value - low) / (high - low);
            if self.signed { theme::diverging(2.0 * share - 1.0) } else { theme::sequential(1.0 - share) }
        };
        let mut field = Element::group([]).with("shape-rendering", "crispEdges");
        for (i, row) in self.values.iter().enumerate() {
            for (j, &value) in row.iter().enumerate() {
                let corner = (left + cell.0 * j as f64, top + cell.1 * i as f64);
                let blank = !value.is_finite() || (self.blank_zeros && value == 0.0);
                let fill = if blank { None } else { Some(colour(value)) };
                let names = [(&self.rows, i), (&self.columns, j)]
                    .map(|(names, index)| names.get(index).cloned().unwrap_or(index.to_string()));
                let tooltip = format!("{}: {}", names.join(", "), short(value, 3));
                field.push(draw_cell(corner, cell, value, fill, numbers).title(&tooltip));
            }
        }
        let outline = Element::rect((left, top), right - left, bottom - top);
        field.push(outline.with("fill", "none").with("stroke", "currentColor").class("line"));
        picture.body.push(field);
        picture.body.push(self.names((left, top), cell, upright));
        let middle = ((left + right) / 2.0, (top + bottom) / 2.0);
        if !self.column_label.is_empty() {
            let at = (middle.0, top - names - 4.0);
            picture.body.push(Element::text(at, Anchor::Middle, 11.5, &self.column_label));
        }
        if !self.row_label.is_empty() {
            let turn = format!("rotate(-90 20 {})", number(middle.1));
            let label = Element::text((20.0, middle.1), Anchor::Middle, 11.5, &self.row_label);
            picture.body.push(label.with("transform", turn));
        }
        picture.body.push(colour_bar((right + 18.0, top), bar_end - top, (low, high), &colour));
        Ok(picture)
    }

    fn names(&self, (left, top): (f64, f64), cell: (f64, f64), upright: bool) -> Element {
        let mut names = Element::group([]).class("soft");
        for (i, name) in self.rows.iter().enumerate() {
            let at = (left - 7.0, top + cell.1 * (i as f64 + 0.5) + 0.35 * SIZE);
            names.push(Element::text(at, Anchor::End, SIZE, name));
        }
        for (j, name) in self.columns.iter().enumerate() {
            let x = left + cell.0 * (j as f64 + 0.5);
            names.push(if upright {
                Element::text((x, top - 7.0), Anchor::Middle, SIZE, name)
            } else {
                let turn = format!("rotate(-90 {} {})", number(x), number(top - 6.0));
                Element::text((x, top - 6.0 + 0.35 * SIZE), Anchor::Start, SIZE, name).with("transform", turn)
            });
        }
        names
    }

    /// The values at the ends of the colour map.
    fn ends(&self) -> (f64, f64) {
        if let Some(range) = self.range {
            return range;
        }
        let finite = || self.values.iter().flatten().copied().filter(|value| value.is_finite());
        let (low, high) =
            (finite().fold(f64::INFINITY, f64::min), finite().fold(f64::NEG_INFINITY, f64::max));
        if self.signed {
            let size = if low > high { 1.0 } else { low.abs().max(high.abs()) };
            let size = if size > 0.0 { size } else { 1.0 };
            return (-size, size);
        }
        let low = if low > high { 0.0 } else { low.min(0.0) };
        (low, if high > low { high } else { low + 1.0 })
    }

    /// The number of columns, if all fits together.
    fn check(&self) -> Result<usize> {
        let place = || format!("heat map \"{}\"", self.title);
        let columns = self.values.first().map_or(0, Vec::len);
        if let Some((i, row)) = self.values.iter().enumerate().find(|(_, row)| row.len() != columns) {
            let got = format!("{} in row {i}", row.len());
            return Err(Error::shape(place(), format!("{columns} columns"), got, "fill the row"));
        }
        for (what, names, count) in
            [("row", &self.rows, self.values.len()), ("column", &self.columns, columns)]
        {
            if !names.is_empty() && names.len() != count {
                let expected = format!("{count} {what} names");
                return Err(Error::shape(place(), expected, names.len(), "name all or none"));
            }
        }
        if self.range.is_some_and(|(low, high)| !(low < high && low.is_finite() && high.is_finite())) {
            return Err(Error::input(place(), "colour range is empty", "give a lower and a higher number"));
        }
        Ok(columns)
    }
}

/// A cell with its colour, if any, and its number.
fn draw_cell(
    corner: (f64, f64),
    size: (f64, f64),
    value: f64,
    fill: Option<theme::Rgb>,
    numbers: bool,
) -> Element {
    let mut group = Element::group([]);
    if let Some(fill) = fill {
        group.push(Element::rect(corner, size.0, size.1).with("fill", fill.hex()));
    }
    if numbers && value.is_finite() {
        let at = (corner.0 + size.0 / 2.0, corner.1 + size.1 / 2.0 + 3.6);
        let label = Element::text(at, Anchor::Middle, 10.0, &short(value, 2));
        group.push(match fill {
            Some(fill) => label.with("color", fill.contrasting()),
            None => label.class("soft"),
        });
    }
    group
}

/// Cells shrink so that large matrices fit a page.
fn cell_size(count: usize) -> f64 {
    (520.0 / count.max(1) as f64).clamp(3.0, 26.0)
}

pub(crate) fn colour_bar(
    corner: (f64, f64),
    height: f64,
    (low, high): (f64, f64),
    colour: &dyn Fn(f64) -> theme::Rgb,
) -> Element {
    let height = height.min(220.0);
    let steps = 48;
    let mut bar = Element::group([]).with("shape-rendering", "crispEdges");
    for step in 0..steps {
        let share = (f64::from(step) + 0.5) / f64::from(steps);
        let y = corner.1 + height * (1.0 - f64::from(step + 1) / f64::from(steps));
        let fill = colour(low + share * (high - low)).hex();
        bar.push(Element::rect((corner.0, y), 11.0, height / f64::from(steps) + 0.3).with("fill", fill));
    }
    let axis = Axis::default();
    let scale = Scale::new((low, high), false, (corner.1 + height, corner.1));
    let mut labels = Element::group([]).class("soft");
    for (value, label) in Ticks::new(&axis, (low, high), height, 44.0).at {
        let at = (corner.0 + 16.0, scale.at(value) + 0.35 * SIZE);
        labels.push(Element::text(at, Anchor::Start, SIZE, &label));
    }
    Element::group([bar, labels])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zeros_stay_blank_and_odd_values_empty() {
        let map = Heatmap::new("", vec![vec![0.0, f64::NAN, 0.5]]);
        let cells = map.picture().unwrap().body[0].to_string();
        assert_eq!(cells.matches("fill=\"#").count(), 1);
        assert_eq!(cells.matches("</text>").count(), 2);
    }

    #[test]
    fn shapes_are_checked() {
        assert!(Heatmap::new("", vec![vec![0.0], vec![]]).picture().is_err());
        let mut map = Heatmap::new("", vec![vec![0.0]]);
        map.rows = vec![String::new(); 2];
        assert!(map.picture().unwrap_err().to_string().contains("1 row names"));
        assert!(Heatmap::new("", Vec::new()).picture().is_ok());
    }

    #[test]
    fn signed_maps_are_symmetric() {
        let mut map = Heatmap::new("", vec![vec![-3.0, 1.0]]);
        map.signed = true;
        assert_eq!(map.ends(), (-3.0, 3.0));
    }
}
