//! Maps from the first frequency against closed forms and the values of the published notebooks.

use super::support::{floats, known, number, set};
use isotypic::analysis::{PieceMap, PieceMapOptions, PointwiseFunction};
use isotypic::representation::Decomposition;

fn map(decomposition: &Decomposition, set: &isotypic::GSet, to: usize) -> PieceMap {
    let options = PieceMapOptions { from: 1, to, slice: None, activation: PointwiseFunction::Relu };
    PieceMap::new(set, decomposition, &options).unwrap()
}

#[test]
fn maps_from_the_first_frequency_match_the_table() {
    for entry in known("cyclic_graphs.json")["maps_from_L1"].as_array().unwrap() {
        let n = number(&entry["n"]);
        let set = set(&format!("C{n}"), "points");
        let decomposition = Decomposition::new(&set).unwrap();
        let maps: Vec<PieceMap> =
            (0..decomposition.pieces().len()).map(|to| map(&decomposition, &set, to)).collect();
        assert_eq!(maps[0].lines().len(), number(&entry["break_lines"]), "C{n}");
        assert_eq!(maps[0].sectors().len(), number(&entry["linear_sectors"]), "C{n}");
        let points = entry["points_(a,b)"].as_array().unwrap();
        for (index, point) in points.iter().enumerate() {
            let point = floats(point);
            let values: Vec<f64> = maps.iter().flat_map(|map| map.value(point[0], point[1])).collect();
            assert!((values[0] - floats(&entry["L1_to_L0"])[index]).abs() < 1e-12, "C{n}");
            let image = floats(&entry["full_image_in_notebook_basis"][index]);
            assert_eq!(values.len(), image.len());
            for (value, expected) in values.iter().zip(&image) {
                assert!((value - expected).abs() < 1e-10, "C{n}: {values:?} {image:?}");
            }
        }
    }
}

/// `r cos(c) / (n sin(pi / n))` for even `n`, `r cos(c) / (2 n sin(pi / 2n))` for odd, with `c` the angle reduced to the
/// nearest of the directions of steepest ascent.
#[test]
fn the_map_to_the_trivial_piece_has_the_closed_form() {
    let pi = std::f64::consts::PI;
    for n in 3..=60usize {
        let set = set(&format!("C{n}"), "points");
        let decomposition = Decomposition::new(&set).unwrap();
        let map = map(&decomposition, &set, 0);
        for step in 0..50 {
            let phi = 0.123 + 0.13 * f64::from(step);
            let (a, b) = (2.0 * phi.sin(), 2.0 * phi.cos());
            let m = n as f64;
            let expected = if n % 2 == 0 {
                let from = if n / 2 % 2 == 1 { phi } else { phi - pi / m };
                let c = from - (from / (2.0 * pi / m)).round() * (2.0 * pi / m);
                2.0 * c.cos() / (m * (pi / m).sin())
            } else {
                let c = phi - (phi / (pi / m)).round() * (pi / m);
                2.0 * c.cos() / (2.0 * m * (pi / (2.0 * m)).sin())
            };
            assert!((map.value(a, b)[0] - expected).abs() < 1e-12, "C{n}, angle {phi}");
        }
        assert_eq!(map.sectors().len(), if n % 2 == 1 { 2 * n } else { n });
    }
}

#[test]
fn maps_to_the_sign_are_saddles_or_zero() {
    let value = |n: usize, a: f64, b: f64| {
        let set = set(&format!("C{n}"), "points");
        let decomposition = Decomposition::new(&set).unwrap();
        map(&decomposition, &set, n / 2).value(a, b)[0]
    };
    for (n, a, b, expected) in [
        (4, 1.0, 0.0, -0.25),
        (4, 0.0, 1.0, 0.25),
        (4, 1.0, 1.0, 0.0),
        (8, 1.0, 0.0, -0.051776695297),
        (8, 0.0, 1.0, -0.051776695297),
        (8, 1.0, 1.0, 0.073223304703),
        (6, 0.3, 0.7, 0.0),
        (10, 0.3, 0.7, 0.0),
    ] {
        let found = value(n, a, b);
        assert!((found.abs() - f64::abs(expected)).abs() < 1e-11, "C{n} at ({a},{b}): {found}");
    }
}
