//! Periodic images: a 10 x 10 image on the torus, and "average the four neighbours" as an equivariant map. A linear map
//! between such images has n^4 weights; an equivariant one has n^2, one for each orbital of C_n^2.

use isotypic::action::GSet;
use isotypic::group::PermutationGroup;
use isotypic::network::EquivariantMaps;
use std::sync::Arc;

fn main() -> isotypic::Result<()> {
    let n = 10;
    let torus = GSet::points(&Arc::new(PermutationGroup::parse(&format!("C{n}^2"))?));
    let maps = EquivariantMaps::new(&torus, 1, &torus, 1)?;
    println!("images of {n} x {n} pixels on the torus");
    println!("  weights of a linear map       n^4 = {}", torus.size() * torus.size());
    println!("  weights of an equivariant map n^2 = {}", maps.weight_count());

    let mut weights = vec![0.0; maps.weight_count()];
    for neighbour in [1, n - 1, n, n * (n - 1)] {
        weights[maps.orbitals().of(0, neighbour)] = 0.25;
    }
    let average = maps.layer(&weights, &[0.0])?;

    let mut image = vec![0.0; n * n];
    for (row, column) in [(2, 2), (2, 7), (5, 1), (6, 2), (7, 4), (7, 5), (6, 7), (5, 8)] {
        image[row * n + column] = 1.0;
    }
    let smooth = average.apply(&average.apply(&image));
    println!("\nan image, and the same averaged over its four neighbours twice:");
    for row in 0..n {
        let line =
            |values: &[f64]| -> String { values[row * n..(row + 1) * n].iter().map(|&v| shade(v)).collect() };
        println!("  {}    {}", line(&image), line(&smooth));
    }

    for (name, shift) in ["down", "right"].iter().zip(torus.generators()) {
        let moved = |f: &[f64]| -> Vec<f64> {
            let mut g = vec![0.0; f.len()];
            for (x, &value) in f.iter().enumerate() {
                g[shift.apply(x)] = value;
            }
            g
        };
        assert_eq!(average.apply(&moved(&image)), moved(&average.apply(&image)));
        println!("shift {name}, then average = average, then shift {name}: equal to the last bit");
    }
    Ok(())
}

fn shade(value: f64) -> char {
    let levels = [' ', '.', ':', '+', '*', '#'];
    levels[((value * 10.0).ceil() as usize).min(levels.len() - 1)]
}
