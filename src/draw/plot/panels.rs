//! Several pictures in one.

use super::super::svg::{Anchor, Element, Picture};
use super::super::text;

/// Puts pictures side by side, `columns` in a row, under a common title (which may be empty).
///
/// ```
/// use isotypic::draw::plot::panels;
/// use isotypic::draw::Picture;
/// let one = Picture::new(100.0, 80.0, "one", "");
/// let both = panels("Both", &[one.clone(), one], 2);
/// assert_eq!(both.width, 200.0);
/// ```
pub fn panels(title: &str, pictures: &[Picture], columns: usize) -> Picture {
    let columns = columns.max(1);
    let mut widths = vec![0.0f64; columns.min(pictures.len())];
    for (index, picture) in pictures.iter().enumerate() {
        widths[index % columns] = widths[index % columns].max(picture.width);
    }
    let top = if title.is_empty() { 0.0 } else { 36.0 };
    let heights: Vec<f64> = pictures
        .chunks(columns)
        .map(|row| row.iter().map(|picture| picture.height).fold(0.0, f64::max))
        .collect();
    let width = widths.iter().sum::<f64>().max(1.15 * text::width(title, 15.0) + 28.0);
    let described: Vec<String> = pictures.iter().map(|p| format!("{}: {}", p.title, p.description)).collect();
    let name = if title.is_empty() { "Panels" } else { title };
    let mut out = Picture::new(width, top + heights.iter().sum::<f64>(), name, &described.join(" "));
    if !title.is_empty() {
        let heading = Element::text((14.0, 24.0), Anchor::Start, 15.0, title);
        out.body.push(heading.with("font-weight", 600.0));
    }
    let mut y = top;
    for (row, height) in pictures.chunks(columns).zip(heights) {
        let mut x = 0.0;
        for (picture, step) in row.iter().zip(&widths) {
            out.body.push(Element::group(picture.body.iter().cloned()).moved(x, y));
            x += step;
        }
        y += height;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_as_high_as_their_highest_picture() {
        let sized = |width, height| Picture::new(width, height, "", "");
        let all = panels("", &[sized(10.0, 5.0), sized(20.0, 9.0), sized(30.0, 1.0)], 2);
        assert_eq!((all.width, all.height), (50.0, 10.0));
        assert_eq!(panels("", &[], 3).height, 0.0);
    }
}
