//! Point clouds: layers that do not care for the order of the points. A linear map of n numbers that commutes with S_n
//! has two weights, `W = a I + b 11^T`, whatever n; with points in the plane, two for each pair of channels.

use isotypic::action::GSet;
use isotypic::group::PermutationGroup;
use isotypic::network::{Activation, EquivariantMaps, Network};
use std::sync::Arc;

fn main() -> isotypic::Result<()> {
    println!("weights of a linear map of n points, free and equivariant under S_n");
    for n in [3, 5, 10, 100] {
        let points = GSet::points(&Arc::new(PermutationGroup::parse(&format!("S{n}"))?));
        let maps = EquivariantMaps::new(&points, 1, &points, 1)?;
        println!("  n = {n:<4} {:>6}   {}", n * n, maps.weight_count());
    }

    // Five points in the plane (two channels), three hidden channels, one invariant output.
    let group = Arc::new(PermutationGroup::parse("S5")?);
    let points = GSet::points(&group);
    let one = GSet::cosets(&group, group.generators())?;
    let hidden = EquivariantMaps::new(&points, 2, &points, 3)?;
    let pool = EquivariantMaps::new(&points, 3, &one, 1)?;
    let weights: Vec<f64> = (0..hidden.weight_count()).map(|i| (i as f64 * 0.7).sin()).collect();
    let network = Network::new(
        vec![hidden.layer(&weights, &[0.1, -0.2, 0.3])?, pool.layer(&[1.0, -0.5, 0.25], &[0.0])?],
        vec![Activation::Relu],
    )?;
    println!(
        "\na network on 5 points in the plane: {} free weights",
        hidden.weight_count() + pool.weight_count()
    );

    let cloud = [0.5, -1.0, 0.25, 2.0, -0.75, 1.0, 0.0, -0.5, 0.125, 0.625];
    let reversed: Vec<f64> = cloud[..5].iter().rev().chain(cloud[5..].iter().rev()).copied().collect();
    println!("  value on a cloud                   {:.12}", network.evaluate(&cloud)[0]);
    println!("  value on the points in other order {:.12}", network.evaluate(&reversed)[0]);
    Ok(())
}
