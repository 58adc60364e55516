//! A trained network and its exact three-layer form: the same function at inner points, on boundaries and at corners,
//! by region lookup and by the honest arithmetic of the three layers.

use isotypic::analysis::{NetworkSymmetry, SymmetryQuestion};
use isotypic::io::read_network;
use isotypic::num::{Rational, nearest_f64};
use isotypic::polyhedral::Domain;
use isotypic::shallow::{FormSymmetry, Options, ShallowNetwork, ThreeLayers};
use std::path::Path;

fn main() -> isotypic::Result<()> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/elnino_c4.onnx");
    let network = read_network(&path)?;
    let domain = Domain::cube(4, Rational::from(-1), Rational::from(1))?;
    let form = ShallowNetwork::from_network(&network, &domain, &Options::default())?;
    println!("a network of widths 4 -> 8 -> 8 -> 4 on the box [-1, 1]^4");
    println!("  regions       {}", form.selectors().len());
    println!("  half-spaces   {}", form.half_spaces().len());
    println!("  hidden layers {:?}", form.layer_widths());

    let layers = ThreeLayers::new(&form);
    println!("\nvalue of output 1: network, region lookup, three layers");
    let corner = form.selectors()[0].interior_point.clone();
    let facet = form.selectors()[0].facet_points[0].clone();
    for (name, point) in
        [("inside a region", corner), ("on a facet", facet), ("the origin", vec![Rational::ZERO; 4])]
    {
        let values = [network.evaluate_exact(&point), form.evaluate(&point)?, layers.evaluate(&point)?];
        assert!(values.iter().all(|value| *value == values[0]), "the values differ");
        let shown: Vec<String> =
            values.iter().map(|value| format!("{:+.12}", nearest_f64(&value[0]))).collect();
        println!("  {name:<16} {}  (equal as rational numbers)", shown.join("  "));
    }

    let symmetry = NetworkSymmetry::new(&network, &SymmetryQuestion::on_points("C4"))?.layer_symmetry()?;
    let of_form = FormSymmetry::new(&form, &symmetry)?;
    println!("\nthe shift of the seasons permutes");
    println!("  regions in    {} orbits", of_form.selector_orbits(&form).count());
    println!("  half-spaces in {} orbits", of_form.half_space_orbits(&form).count());

    let certificate = form.verify(&network, Some(&symmetry))?;
    println!("\nchecks, in exact arithmetic:");
    for check in &certificate.checks {
        println!("  {} {}: {}", if check.ok { "ok  " } else { "FAIL" }, check.name, check.detail);
    }
    Ok(())
}
