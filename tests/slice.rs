//! The symmetric plane of a trained network.

use isotypic::analysis::slice::{SymmetricPlane, plane_regions};
use isotypic::analysis::{NetworkSymmetry, SymmetryQuestion};
use isotypic::io::read_network;
use std::collections::HashMap;

#[test]
fn the_plane_of_a_trained_network_shows_its_symmetry() {
    let network = read_network("data/elnino_c4.onnx".as_ref()).unwrap();
    let symmetry = NetworkSymmetry::new(&network, &SymmetryQuestion::on_points("C4")).unwrap();
    let plane = SymmetricPlane::new(&symmetry.layout, &[]).unwrap();
    assert_eq!(plane.pieces, "piece 1");
    let regions = plane_regions(&network, Some(&symmetry), &plane, 2.0).unwrap();
    let area = |corners: &[(f64, f64)]| -> f64 {
        let next = corners.iter().cycle().skip(1);
        corners.iter().zip(next).map(|(a, b)| a.0 * b.1 - a.1 * b.0).sum::<f64>() / 2.0
    };
    let total: f64 = regions.iter().map(|region| area(&region.corners)).sum();
    assert!((total - 16.0).abs() < 1e-9);
    // A quarter turn carries regions to regions: no orbit has more than four members, most have four.
    let mut sizes: HashMap<usize, usize> = HashMap::new();
    for region in &regions {
        *sizes.entry(region.orbit).or_default() += 1;
    }
    assert!(sizes.values().all(|&size| size == 1 || size == 4), "{sizes:?}");
}
