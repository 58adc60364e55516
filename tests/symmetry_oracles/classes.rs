//! Fixed points on conjugacy classes: Burnside's count and inner products, in integers.

use super::support::{known, number, permutations, set_of_generators};
use isotypic::action::Suborbits;
use isotypic::representation::{Decomposition, RealType};

/// For every action whose classes the table lists: `sum fix = orbits |G|`, `sum fix^2 = rank |G|`, and the inner products
/// of our characters with the permutation character and with each other.
#[test]
fn inner_products_over_classes_give_ranks_and_multiplicities() {
    for entry in known("permutation_representations.json")["groups"].as_array().unwrap() {
        let Some(classes) = entry["classes"].as_array().filter(|classes| !classes.is_empty()) else {
            continue;
        };
        let name = entry["name"].as_str().unwrap();
        let set = set_of_generators(number(&entry["degree"]), permutations(&entry["generators"]));
        let suborbits = Suborbits::new(&set).unwrap();
        let decomposition = Decomposition::new(&set).unwrap();
        let order: usize = classes.iter().map(|class| number(&class["size"])).sum();
        assert_eq!(set.group().order().to_string(), order.to_string(), "{name}");

        let (mut once, mut twice) = (0, 0);
        let mut table: Vec<(f64, usize, Vec<f64>)> = Vec::new();
        for class in classes {
            let representative =
                permutations(&serde_json::json!([class["rep_image"].clone()])).pop().unwrap();
            assert!(set.group().chain().contains(&representative), "{name}");
            let fixed = (0..set.size()).filter(|&x| representative.apply(x) == x).count();
            let size = number(&class["size"]);
            assert_eq!(fixed, number(&class["fixed_points"]), "{name}");
            once += size * fixed;
            twice += size * fixed * fixed;
            table.push((size as f64, fixed, decomposition.characters(&representative)));
        }
        assert_eq!(once, set.orbits().count() * order, "{name}");
        assert_eq!(twice, suborbits.rank() * order, "{name}");
        for (i, piece) in decomposition.pieces().iter().enumerate() {
            let with = |f: &dyn Fn(usize, &[f64]) -> f64| {
                table.iter().map(|(size, fixed, values)| size * f(*fixed, values)).sum::<f64>() / order as f64
            };
            let endomorphisms = piece.real_type.endomorphism_dim();
            let in_all = with(&|fixed, values| fixed as f64 * values[i]);
            assert!((in_all - (piece.multiplicity * endomorphisms) as f64).abs() < 1e-6, "{name}");
            for j in 0..=i {
                let expected = if i == j { endomorphisms } else { 0 };
                assert!((with(&|_, values| values[i] * values[j]) - expected as f64).abs() < 1e-6, "{name}");
            }
        }
        let complex: usize = decomposition
            .pieces()
            .iter()
            .map(|piece| if piece.real_type == RealType::Complex { 2 } else { 1 })
            .sum();
        assert!(complex <= classes.len(), "{name}");
    }
}
