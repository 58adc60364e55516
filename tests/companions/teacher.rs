//! The teacher-student theory against exact enumerations made elsewhere, and its negative controls.

use crate::known::{Entry, all_close, close, index, known, list, number, numbers, rows, text};
use isotypic::action::GSet;
use isotypic::analysis::GroupTable;
use isotypic::analysis::teacher::BatchNormalization;
use isotypic::analysis::teacher::defects::defects;
use isotypic::analysis::teacher::disentangle::{
    disentangled, disentanglement_defect, is_disentangled, is_separable, separability_defect,
};
use isotypic::analysis::teacher::enumerate::Enumeration;
use isotypic::analysis::teacher::examples::{TreeKind, random_tree};
use isotypic::analysis::teacher::linear::{
    assignments, indicator_features, linear_loss, linear_loss_by_piece, rank,
};
use isotypic::analysis::teacher::orbit::{OrbitHypotheses, OrbitReport, cyclic_tree, orbit_reduce};
use isotypic::analysis::teacher::polytope::{construct_identity, relu_loss, vertices};
use isotypic::analysis::teacher::reformulate::reformulate;
use isotypic::analysis::teacher::specialize::{OutputKind, SpecializationOptions, specialize};
use isotypic::analysis::teacher::tree::{EventTable, Leaf, RegionTree, Student, from_json, to_json};
use isotypic::group::PermutationGroup;
use nalgebra::{DMatrix, DVector};
use std::collections::BTreeMap;
use std::sync::Arc;

fn matrix(value: &Entry) -> DMatrix<f64> {
    let rows = rows(value);
    DMatrix::from_row_iterator(rows.len(), rows[0].len(), rows.concat())
}

#[track_caller]
fn same(got: &DMatrix<f64>, want: &Entry, tolerance: f64, what: &str) {
    let want = matrix(want);
    assert_eq!(got.shape(), want.shape(), "{what}");
    let difference = (got - want).amax();
    assert!(difference <= tolerance, "{what}: off by {difference:e}");
}

/// The tree and student of the table: four binary leaves, two regions, one root.
fn known_tree(table: &Entry, layout: &Entry) -> (RegionTree, Student) {
    assert!(text(&layout["children"]).starts_with("mid0=(leaf0,leaf1)"));
    assert!(text(&layout["leaf_value_index"]).contains("i=z*E+e"));
    for key in ["events", "model", "F", "Gt"] {
        assert!(!text(&layout[key]).is_empty());
    }
    let leaves = list(&table["Pe"]).iter().map(|noise| Leaf { noise: rows(noise) }).collect();
    let joint: Vec<f64> = list(&table["Pz"])
        .iter()
        .flat_map(|a| list(a).iter().flat_map(|b| rows(b).concat()).collect::<Vec<_>>())
        .collect();
    let middle = |children: Vec<usize>| EventTable { children, events: 4, table: vec![0, 1, 2, 3] };
    let root = EventTable { children: vec![4, 5], events: 16, table: (0..16).collect() };
    let tree = RegionTree {
        leaves,
        regions: vec![middle(vec![0, 1]), middle(vec![2, 3]), root],
        joint,
        labels: list(&table["label"]).iter().map(index).collect(),
    };
    let middle_weights = |region: &Entry| list(region).iter().map(matrix).collect::<Vec<_>>();
    let student = Student {
        features: list(&table["U"]).iter().map(matrix).collect(),
        weights: vec![
            middle_weights(&table["Wm"][0]),
            middle_weights(&table["Wm"][1]),
            middle_weights(&table["Wr"]),
        ],
    };
    let tree = tree.checked().unwrap();
    let student = student.checked(&tree).unwrap();
    (tree, student)
}

pub(crate) fn conditional_means_obey_the_tower_property() {
    let known = known();
    let table = &known["tian"]["tree"]["thm1"];
    let (p, g, want) = (numbers(&table["P"]), numbers(&table["g"]), numbers(&table["gj_xk"]));
    // Inputs are pairs (x_k, x_rest), four values each; g averages over x_rest given x_k.
    for x in 0..4 {
        let own = 4 * x..4 * x + 4;
        let total: f64 = p[own.clone()].iter().sum();
        let mean = own.clone().map(|i| p[i] * g[i]).sum::<f64>() / total;
        all_close(&[mean; 4], &want[own], 1e-15, "E[g | x_k]");
    }
    assert!(number(&table["max_err"]) < 1e-15);
    // On a tree: averaging first given the middle event and then given the root's is averaging given the root's.
    let (tree, student) = random_tree(TreeKind::Lossless, 3);
    let exact = Enumeration::new(&tree, &student);
    let middle = exact.conditional_mean(4, |s| s.gradients[0][0]);
    let direct = exact.conditional_mean(6, |s| s.gradients[0][0]);
    // z_4 is a function of z_6 = 4 z_4 + z_5.
    let probability = |z: usize| exact.event_probability[6][z];
    for z4 in 0..4 {
        let total: f64 = (0..4).map(|z5| probability(4 * z4 + z5)).sum();
        let mean = (0..4).map(|z5| probability(4 * z4 + z5) * direct[4 * z4 + z5]).sum::<f64>() / total;
        close(mean, middle[z4], 0.0, 1e-12, "tower");
    }
}

pub(crate) fn the_trees_of_the_table_are_reproduced() {
    let known = known();
    let section = &known["tian"]["tree"];
    for (name, table) in section["thm2_full"].as_object().unwrap() {
        let (tree, student) = known_tree(table, &section["layout"]);
        let exact = Enumeration::new(&tree, &student);
        let scale = if name == "lossless" { 1e-12 } else { 1e-11 };
        for mid in 0..2 {
            same(&exact.activation[4 + mid], &table["F_mid"][mid], scale, "F_mid");
            same(&exact.gate[4 + mid], &table["D_mid"][mid], scale, "D_mid");
            same(&exact.gradient[4 + mid], &table["Gt_mid"][mid], scale, "Gt_mid");
            same(&exact.transition[2][mid], &table["P_root_mid"][mid], scale, "P_root_mid");
            same(&exact.update[2][mid], &table["dW_root"][mid], scale, "dW_root");
            for child in 0..2 {
                same(&exact.transition[mid][child], &table["P_mid_leaf"][mid][child], scale, "P_mid_leaf");
                same(&exact.update[mid][child], &table["dW_mid"][mid][child], scale, "dW_mid");
            }
        }
        same(&exact.activation[6], &table["F_root"], scale, "F_root");
        same(&exact.gradient[6], &table["Gt_root"], scale, "Gt_root");
        for leaf in 0..4 {
            same(&exact.gradient[leaf], &table["Gt_leaf"][leaf], scale, "Gt_leaf");
        }

        let errors = reformulate(&tree, &student, &exact);
        let worst = |f: &dyn Fn(usize) -> f64| (0..7).map(f).fold(0.0, f64::max);
        if name == "lossless" {
            assert!(worst(&|u| errors[u].forward.max(errors[u].backward).max(errors[u].update)) < 1e-12);
        } else {
            assert!(worst(&|u| errors[u].forward.max(errors[u].backward)) < 1e-11, "F and G~ are exact");
            // The update is not, and the covariance term mends it.
            close(errors[6].update, 0.638, 0.0, 1e-3, "update at the root");
            assert!(worst(&|u| errors[u].update_with_covariance) < 1e-11);
            let own = defects(&tree, &exact);
            close(own[6].covariance, errors[6].update, 0.0, 1e-10, "the covariance is the error");
        }
        // The document form keeps every bit.
        assert_eq!(from_json(&to_json(&tree, &student)).unwrap(), (tree, student));
    }
}

/// The figures of a tree under the names of the table.
fn figures(kind: TreeKind, seed: u64) -> BTreeMap<&'static str, f64> {
    let (tree, student) = random_tree(kind, seed);
    let tree = tree.checked().unwrap();
    let student = student.checked(&tree).unwrap();
    let exact = Enumeration::new(&tree, &student);
    let (errors, defects) = (reformulate(&tree, &student, &exact), defects(&tree, &exact));
    let over = |units: std::ops::Range<usize>, f: &dyn Fn(usize) -> f64| units.map(f).fold(0.0, f64::max);
    BTreeMap::from([
        ("focus_defect", over(0..4, &|u| defects[u].focus)),
        ("focus_mid_defect", over(4..6, &|u| defects[u].focus)),
        ("broadness_defect", over(4..6, &|u| defects[u].broadness)),
        ("decorr_f", over(4..6, &|u| defects[u].decorrelation_forward)),
        ("decorr_g", over(0..6, &|u| defects[u].decorrelation_backward)),
        ("err_F_mid", over(4..6, &|u| errors[u].forward)),
        ("err_F_root", errors[6].forward),
        ("err_G_mid", over(4..6, &|u| errors[u].backward)),
        ("err_G_leaf", over(0..4, &|u| errors[u].backward)),
        ("err_dW_root", errors[6].update),
        ("err_dW_mid", over(4..6, &|u| errors[u].update)),
        ("err_dW_root_after_cov", errors[6].update_with_covariance),
    ])
}

pub(crate) fn each_kind_of_tree_fails_where_its_condition_fails() {
    let known = known();
    let cases = list(&known["tian"]["tree"]["thm2_cases"]);
    assert_eq!(cases.len(), TreeKind::ALL.len());
    for (case, kind) in cases.iter().zip(TreeKind::ALL) {
        assert_eq!(text(&case["name"]), kind.name());
        assert!(number(&case["scale_F"]) < 10.0 && number(&case["scale_G"]) < 10.0 && index(&case["E"]) <= 3);
        for (name, value) in figures(kind, 5) {
            let vanishes = number(&case[name]) < 1e-9;
            let ok = if vanishes { value < 1e-11 } else { value > 1e-3 };
            assert!(ok, "{} {name}: {value:e}, in the table {}", kind.name(), case[name]);
        }
    }
}

#[test]
fn documents_with_faults_are_refused() {
    let (tree, student) = random_tree(TreeKind::LossyBoth, 1);
    let broken = |change: &dyn Fn(&mut RegionTree)| {
        let mut tree = tree.clone();
        change(&mut tree);
        tree.checked().unwrap_err().to_string()
    };
    assert!(broken(&|t| t.joint[0] += 0.5).contains("joint"));
    assert!(broken(&|t| t.leaves[2].noise[0][0] = -1.0).contains("leaf 2"));
    assert!(broken(&|t| t.regions[1].children = vec![2, 6]).contains("region 1"));
    assert!(broken(&|t| t.regions[0].table[3] = 9).contains("region 0"));
    assert!(broken(&|t| t.labels.truncate(1)).contains("labels"));
    let mut wrong = student.clone();
    wrong.weights[0][1] = DMatrix::zeros(5, 3);
    assert!(wrong.checked(&tree).unwrap_err().to_string().contains("region 0"));
    let mut wrong = student.clone();
    wrong.features.pop();
    assert!(wrong.checked(&tree).is_err());
    assert!(from_json("{}").is_err());
    // Numbers that would not fit the memory, or overflow.
    assert!(broken(&|t| t.regions[0].events = 1 << 40).contains("limit"));
    let mut endless = tree.clone();
    endless.labels[0] = usize::MAX;
    assert!(student.clone().checked(&endless).unwrap_err().to_string().contains("root"));
    // A ladder in which every unit has two parents: exponentially many paths, but few units.
    let mut ladder = RegionTree {
        leaves: vec![Leaf { noise: vec![vec![1.0]] }; 2],
        regions: Vec::new(),
        joint: vec![1.0],
        labels: vec![0],
    };
    for unit in 2..80 {
        ladder.regions.push(EventTable { children: vec![unit - 2, unit - 1], events: 1, table: vec![0] });
    }
    assert_eq!(ladder.leaves_below(79), [0, 1]);
    assert_eq!(ladder.leaves_below(1), [1]);
    assert!(from_json(&to_json(&tree, &student).replacen("[[[", "[[[1.0],[", 1)).is_err());
}

pub(crate) fn batch_normalisation_is_a_projection() {
    let known = known();
    let table = &known["tian"]["bn_thm6789"]["bn"];
    let (f, g) = (numbers(&table["f"]), numbers(&table["g"]));
    let (c1, c0) = (number(&table["c1"]), number(&table["c0"]));
    let bn = BatchNormalization::uniform(&f, 0.0, c1, c0).unwrap();
    all_close(&bn.output(), &numbers(&table["out"]), 1e-12, "output");
    let gradient = bn.gradient(&g);
    all_close(&gradient, &numbers(&table["grad"]), 1e-12, "gradient");
    // The Jacobian of the table is a finite difference.
    same(&bn.jacobian(), &table["J"], 1e-8, "Jacobian");
    let from_jacobian = bn.jacobian().tr_mul(&DVector::from_column_slice(&g));
    all_close(from_jacobian.as_slice(), &gradient, 1e-12, "J^T g");
    let (dc1, dc0) = bn.parameter_gradients(&g);
    close(dc1, number(&table["dc1"]), 1e-12, 0.0, "dc1");
    close(dc0, number(&table["dc0"]), 1e-12, 0.0, "dc0");

    // J = (c1 / sigma) P with P a symmetric projector that kills constants and f.
    let variance = f.iter().map(|v| v * v).sum::<f64>() / 6.0 - (f.iter().sum::<f64>() / 6.0).powi(2);
    let projector = bn.jacobian() * (variance.sqrt() / c1);
    assert!((&projector * &projector - &projector).amax() < 1e-12);
    assert!((&projector - projector.transpose()).amax() < 1e-12);
    let out = DVector::from_vec(bn.output());
    assert!((&projector * out).amax() < 1e-12 && (&projector * DVector::from_element(6, 1.0)).amax() < 1e-12);
    for key in ["fd_err", "sym_err", "ioffe_err", "Jbnf", "eps_fd_err", "eps_ioffe_err", "proj_idem"] {
        assert!(number(&table[key]) < 1e-8, "{key}");
    }

    // With eps > 0: no projector any more, f keeps the fraction eps / (var + eps).
    let eps = number(&table["eps"]);
    let soft = BatchNormalization::uniform(&f, eps, c1, c0).unwrap();
    all_close(&soft.gradient(&g), &numbers(&table["grad_eps"]), 1e-12, "gradient with eps");
    let scaled = soft.jacobian() * ((variance + eps).sqrt() / c1);
    let mean = f.iter().sum::<f64>() / 6.0;
    let centred = DVector::from_iterator(6, f.iter().map(|v| v - mean));
    let kept = &scaled * &centred - &centred * (eps / (variance + eps));
    assert!(kept.amax() < 1e-12 && (&scaled * &scaled - &scaled).amax() > 1e-3);

    // The usual chain of formulas, with the right and with the wrong derivative by the variance.
    let chained = |by_variance: &dyn Fn(f64, f64) -> f64, eps: f64| -> Vec<f64> {
        let sigma = (variance + eps).sqrt();
        let dx: Vec<f64> = g.iter().map(|g| g * c1).collect();
        let dvar: f64 = dx.iter().zip(&f).map(|(d, v)| d * by_variance(v - mean, sigma)).sum();
        let dmean =
            -dx.iter().sum::<f64>() / sigma - 2.0 * dvar * f.iter().map(|v| v - mean).sum::<f64>() / 6.0;
        dx.iter().zip(&f).map(|(d, v)| d / sigma + dvar * 2.0 * (v - mean) / 6.0 + dmean / 6.0).collect()
    };
    let right = |d: f64, sigma: f64| -0.5 * d * sigma.powi(-3);
    all_close(&chained(&right, 0.0), &gradient, 1e-12, "usual formula");
    all_close(&chained(&right, eps), &soft.gradient(&g), 1e-12, "usual formula with eps");
    // The extra factor -1 / sqrt that one source prints.
    let wrong = |d: f64, sigma: f64| -right(d, sigma) / sigma;
    let off = chained(&wrong, 0.0).iter().zip(&gradient).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
    assert!(off > 1.0 && number(&table["seed_formula_err"]) > 1.0, "{off}");

    assert!(BatchNormalization::uniform(&[1.0, 1.0], 0.0, 1.0, 0.0).is_err());
    assert!(BatchNormalization::new(&[1.0, 2.0], &[0.9, 0.3], 0.0, 1.0, 0.0).is_err());
}

pub(crate) fn weighted_normalisation_is_orthogonal_for_its_own_inner_product() {
    let known = known();
    let section = &known["tian"]["bn_thm6789"];
    let (bn, table) = (&section["bn"], &section["bn_weighted"]);
    let (f, g, p) = (numbers(&bn["f"]), numbers(&bn["g"]), numbers(&table["p"]));
    let weighted = BatchNormalization::new(&f, &p, 0.0, number(&bn["c1"]), number(&bn["c0"])).unwrap();
    let jacobian = weighted.jacobian();
    same(&jacobian, &table["J"], 1e-12, "J");
    let lambda = DMatrix::from_diagonal(&DVector::from_column_slice(&p));
    let own = &lambda * &jacobian;
    assert!((&own - own.transpose()).amax() < 1e-15 && number(&table["selfadj_err"]) < 1e-15);
    // The negative control: for the plain inner product it is not self-adjoint.
    let plain = (&jacobian - jacobian.transpose()).amax();
    close(plain, number(&table["plain_sym_err"]), 1e-9, 0.0, "plain asymmetry");
    assert!(plain > 0.1);
    // G~ = diag(p) g.
    let tilde: Vec<f64> = p.iter().zip(&g).map(|(p, g)| p * g).collect();
    let gradient = weighted.gradient(&tilde);
    all_close(&gradient, &numbers(&table["grad_tilde"]), 1e-12, "gradient");
    assert!(gradient.iter().sum::<f64>().abs() < 1e-12);
    assert!(gradient.iter().zip(&f).map(|(g, f)| g * f).sum::<f64>().abs() < 1e-12);
    for key in ["fd_err", "one_T_G", "f_T_G"] {
        assert!(number(&table[key]) < 1e-8, "{key}");
    }
}

pub(crate) fn one_relu_layer_does_what_no_linear_layer_can() {
    let known = known();
    for row in list(&known["tian"]["bn_thm6789"]["thm6_onehot"]) {
        let (s, m) = (index(&row["s"]), index(&row["m"]));
        let blocks: Vec<DMatrix<f64>> = (0..s).map(|leaf| indicator_features(s, 2, &[vec![leaf]])).collect();
        // No single block has a vertex; their concatenation has nothing else.
        let single: Vec<usize> =
            blocks.iter().map(|block| vertices(block).iter().filter(|v| **v).count()).collect();
        assert_eq!(single, list(&row["vert_single"]).iter().map(index).collect::<Vec<_>>());
        let all = indicator_features(s, 2, &(0..s).map(|leaf| vec![leaf]).collect::<Vec<_>>());
        assert_eq!((all.nrows(), rank(&all)), (m, index(&row["rank"])));
        assert!(row["concat_allvert"].as_bool().unwrap() && vertices(&all).iter().all(|v| *v));
        let loss = linear_loss(&all);
        close(loss, number(&row["loss_linear"]), 0.0, 1e-9, "linear loss");
        assert_eq!((1 << s) - s - 1, index(&row["pred_linear"]));
        close(loss, [1.0, 4.0, 11.0][s - 2], 0.0, 1e-9, "2^s - s - 1");
        let (weights, bias) = construct_identity(&all).unwrap();
        assert!(relu_loss(&all, &weights, &bias) < 1e-20);
        // The bias is absorbed, because every row adds up to s.
        let absorbed = &weights + DMatrix::from_fn(all.ncols(), m, |_, j| bias[j] / s as f64);
        assert!(relu_loss(&all, &absorbed, &DVector::zeros(m)) < 1e-20);
        // The closed form relu(sum of indicators - (s - 1)).
        let closed = all.transpose();
        assert_eq!(relu_loss(&all, &closed, &DVector::from_element(m, 1.0 - s as f64)), 0.0);
        assert_eq!((number(&row["loss_relu_lp"]), number(&row["loss_relu_closed"])), (0.0, 0.0));
    }
    for row in list(&known["tian"]["bn_thm6789"]["thm6_random"]) {
        let p = matrix(&row["P"]);
        assert_eq!(p.shape(), (index(&row["m"]), index(&row["n"])));
        let found = vertices(&p);
        assert_eq!(found.iter().filter(|v| **v).count(), index(&row["verts"]));
        assert_eq!(rank(&p), index(&row["rank"]));
        close(linear_loss(&p), number(&row["loss_linear"]), 0.0, 1e-9, "linear loss");
        let identity = construct_identity(&p);
        assert_eq!(identity.is_some(), row["allvert"].as_bool().unwrap());
        if let Some((weights, bias)) = identity {
            assert!(relu_loss(&p, &weights, &bias) < 1e-18 && number(&row["loss_relu"]) < 1e-18);
        } else {
            assert!(row["loss_relu"].is_null());
        }
        if p.nrows() == p.ncols() {
            // A square invertible matrix loses nothing: that the rank is deficient is an assumption.
            assert!(linear_loss(&p) < 1e-9);
        }
    }
}

pub(crate) fn vertices_survive_maps_of_full_rank() {
    let known = known();
    let table = &known["tian"]["bn_thm6789"]["thm7"];
    let count = |m: &DMatrix<f64>| vertices(m).iter().filter(|v| **v).count();
    // Nine points on a circle in the plane of probabilities on three values.
    let p = matrix(&known["tian"]["bn_thm6789"]["thm6_random"][4]["P"]);
    let full = DMatrix::from_fn(3, 5, |i, j| ((3 * i + j) as f64).powi(2).sin());
    assert_eq!(
        (rank(&full), count(&p), count(&(&p * &full))),
        (3, index(&table["vertP"]), index(&table["vertPF"]))
    );
    // Interior points stay interior.
    let q = DMatrix::from_fn(11, 3, |i, j| {
        if i < 9 { p[(i, j)] } else { (p[(0, j)] + p[(i - 5, j)] + p[(7, j)]) / 3.0 }
    });
    assert_eq!((count(&q), count(&(&q * &full))), (index(&table["vertQ"]), index(&table["vertQF"])));
    // A map of deficient rank loses vertices.
    let flat = &full * DMatrix::from_fn(5, 1, |i, _| i as f64 - 1.3);
    assert_eq!(count(&(&p * flat)), 2);
}

pub(crate) fn disentangled_activations_stay_so_and_updates_stay_separable() {
    let known = known();
    let table = &known["tian"]["bn_thm6789"]["thm89"];
    let columns =
        |value: &Entry| -> Vec<DVector<f64>> { rows(value).into_iter().map(DVector::from_vec).collect() };
    let (p12, p3, w) = (matrix(&table["P12"]), matrix(&table["P3"]), matrix(&table["W"]));
    let blocks = [vec![0, 1], vec![2]];
    assert!(is_separable(&w, &blocks, 1e-12) && !is_separable(&w, &[vec![0, 1], vec![1, 2]], 1e-12));
    let below = disentangled(&columns(&table["fb"]), None);
    assert!(is_disentangled(&below, &[2, 2, 2], 1e-12));
    let transition = p12.kronecker(&p3);

    // Theorem 8, raw and after ReLU.
    let raw = &transition * &below * &w;
    assert!(disentanglement_defect(&raw, &[2, 2]) < 1e-12 && number(&table["err_raw"]) < 1e-12);
    let above = raw.map(|v| v.max(0.0));
    same(&above, &table["F_alpha"], 1e-12, "F_alpha");
    assert!(disentanglement_defect(&above, &[2, 2]) < 1e-12 && number(&table["err_relu"]) < 1e-12);
    // First control: weights that are not separable.
    let mut mixed = w.clone();
    mixed[(2, 0)] = 0.8;
    mixed[(0, 1)] = -0.9;
    let defect = disentanglement_defect(&(&transition * &below * mixed), &[2, 2]);
    assert!(defect > 0.1 && number(&table["err_nonseparable_W"]) > 0.1, "{defect}");
    // Second control: a transition that is no product.
    let mut entangled = transition.clone();
    entangled.row_mut(1).copy_from_slice(&[0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0]);
    let defect = disentanglement_defect(&(&entangled * &below * &w), &[2, 2]);
    assert!(defect > 0.1 && number(&table["err_nondecomp_P"]) > 0.1, "{defect}");

    // Theorem 9: centred gradients give a separable update.
    let p_alpha = columns(&table["p_alpha"]);
    let update = |gradients: &Entry| {
        let tilde = disentangled(&columns(gradients), Some(&p_alpha));
        (&transition * &below).tr_mul(&tilde)
    };
    let centred = update(&table["g_tilde"]);
    same(&centred, &table["dW"], 1e-12, "dW");
    assert!(separability_defect(&centred, &blocks) < 1e-12 && number(&table["offblock"]) < 1e-12);
    assert_eq!(number(&table["colsum"]), 0.0);
    // Third control: without centring it is not.
    let uncentred = update(&table["g_uncentered"]);
    same(&uncentred, &table["dW_uncentered"], 1e-12, "dW without centring");
    let defect = separability_defect(&uncentred, &blocks);
    close(defect, number(&table["offblock_uncentered"]), 1e-12, 0.0, "defect");
    assert!(defect > 0.1);
}

pub(crate) fn orbits_are_reduced_if_and_only_if_everything_is_invariant() {
    let known = known();
    let cases = known["tian"]["orbit_iso"]["orbit"].as_object().unwrap();
    assert_eq!(cases.len(), 4);
    for (name, want) in cases {
        let hypotheses = OrbitHypotheses {
            shared_weights: name != "unshared_weights",
            invariant_distribution: name != "noninvariant_P",
            invariant_label: name != "noninvariant_label",
        };
        let (tree, student, rotation) = cyclic_tree(4, hypotheses, 2);
        let tree = tree.checked().unwrap();
        let student = student.checked(&tree).unwrap();
        let exact = Enumeration::new(&tree, &student);
        let got: OrbitReport = orbit_reduce(&tree, &exact, &rotation);
        assert!(number(&want["dW_scale"]) < 10.0);
        for (value, key) in [
            (got.activation_spread, "F_spread"),
            (got.gradient_spread, "G_spread"),
            (got.update_spread, "dV_spread"),
            (got.root_update_spread, "dW_spread"),
            (got.shared_gradient_defect, "shared_grad_ratio"),
            (got.root_activation_change, "Froot_inv"),
            (got.intertwining_defect, "intertwine"),
        ] {
            let vanishes = number(&want[key]) < 1e-12;
            // Dropping a hypothesis shows: 0.24 to 5.4 in the table.
            let ok = if vanishes { value < 1e-12 } else { value > 0.02 && number(&want[key]) > 0.2 };
            assert!(ok, "{name} {key}: {value:e}");
        }
    }
}

pub(crate) fn the_linear_loss_splits_by_simple_piece() {
    let known = known();
    for row in list(&known["tian"]["orbit_iso"]["iso"]) {
        let n = index(&row["n"]);
        let points = GSet::points(&Arc::new(PermutationGroup::parse(&format!("C{n}")).unwrap()));
        let events = assignments(&points, 2).unwrap();
        assert_eq!(events.size(), index(&row["total"]));
        let single = indicator_features(n, 2, &(0..n).map(|i| vec![i]).collect::<Vec<_>>());
        let pairs = indicator_features(n, 2, &(0..n).map(|i| vec![i, (i + 1) % n]).collect::<Vec<_>>());
        let by_single = linear_loss_by_piece(&events, &single).unwrap();
        let by_pair = linear_loss_by_piece(&events, &pairs).unwrap();
        for frequency in list(&row["per_freq"]) {
            let k = index(&frequency["k"]);
            assert_eq!(by_single[k].label, k.to_string());
            assert_eq!(by_single[k].dim, index(&frequency["dim"]));
            assert_eq!(by_single[k].rank, index(&frequency["rank_linear"]));
            assert_eq!(by_pair[k].rank, index(&frequency["rank_pair"]));
        }
        let total = |rows: &[isotypic::analysis::teacher::linear::PieceLoss]| {
            rows.iter().map(|r| r.loss).sum::<usize>()
        };
        assert_eq!(total(&by_single), index(&row["loss_linear"]));
        assert_eq!(total(&by_pair), index(&row["loss_pair"]));
        assert_eq!(rank(&single), index(&row["rank_linear"]));
        close(linear_loss(&single), index(&row["loss_linear"]) as f64, 0.0, 1e-9, "loss");
        close(linear_loss(&pairs), index(&row["loss_pair"]) as f64, 0.0, 1e-9, "loss");
        // Features of one leaf alone do not span an invariant space.
        assert!(linear_loss_by_piece(&events, &indicator_features(n, 2, &[vec![0]])).is_err());
    }
}

pub(crate) fn shared_students_specialise_on_few_samples() {
    let known = known();
    let table = |samples: usize, kind: &str| {
        list(&known["tian"]["specialization"])
            .iter()
            .find(|r| index(&r["ntr"]) == samples && text(&r["kind"]) == kind && index(&r["mult"]) == 2)
            .unwrap()
    };
    for row in list(&known["tian"]["specialization"]) {
        // Wherever the error vanishes, so do the shifts: an equivariant output pins them.
        close(number(&row["mean_corr_noshift"]), number(&row["mean_corr"]), 0.0, 0.01, "shift");
        assert!(number(&row["min_corr"]) <= number(&row["mean_corr"]) && number(&row["rel_eval_mse"]) >= 0.0);
        let (found, width) = (number(&row["frac95"]), index(&row["mult"]));
        match (text(&row["kind"]), index(&row["ntr"])) {
            ("equiv", _) if width == 1 => assert!((0.75..0.9).contains(&found), "stuck without spare width"),
            ("equiv", 50) => assert!(found >= 0.75 && (width != 2 || found == 1.0)),
            ("equiv", _) => assert_eq!(found, 1.0),
            (_, 50 | 200) => assert!(found < 0.1),
            (_, samples) => assert!(samples == 800 && found > 0.8),
        }
    }
    let group = GroupTable::Cyclic(8);
    let shared = specialize(&SpecializationOptions::new(group.clone(), 200, true), &mut |_, _| {}).unwrap();
    assert!(shared.specialized >= 0.95, "{shared:?}");
    assert!(number(&table(200, "equiv")["frac95"]) >= 0.95);
    // Free weights find next to nothing on 100 samples.
    let mut options = SpecializationOptions::new(group, 100, false);
    options.runs = 2;
    let dense = specialize(&options, &mut |_, _| {}).unwrap();
    assert!(dense.specialized < 0.2, "{dense:?}");
    assert!(number(&table(200, "dense")["frac95"]) < 0.3 && number(&table(800, "dense")["frac95"]) >= 0.95);
    // What counts as found is a correlation above 0.95, and some miss it narrowly.
    options.samples = 25;
    options.shared = true;
    let some = specialize(&options, &mut |_, _| {}).unwrap();
    let correlations: Vec<f64> = some.matches.iter().flatten().map(|m| m.correlation).collect();
    assert!(correlations.iter().any(|c| (0.8..0.95).contains(c)), "{correlations:?}");
    let above = correlations.iter().filter(|c| **c > 0.95).count() as f64;
    assert_eq!(some.specialized, above / correlations.len() as f64);
    assert!(dense.parameters > 7 * shared.parameters);
    options.samples = 0;
    assert!(specialize(&options, &mut |_, _| {}).is_err());
}

pub(crate) fn invariant_outputs_determine_channels_modulo_shifts_only() {
    let known = known();
    let row = list(&known["tian"]["gauge"])
        .iter()
        .find(|r| index(&r["ntr"]) == 1600 && index(&r["mult"]) == 2)
        .unwrap();
    assert_eq!(text(&row["output"]), "invariant");
    for row in list(&known["tian"]["gauge"]) {
        assert!(text(&row["output"]) == "invariant" && [400, 1600].contains(&index(&row["ntr"])));
        assert!([1, 2, 5].contains(&index(&row["mult"])) && number(&row["rel_eval_mse"]) < 0.02);
        let (any, here) = (number(&row["frac95_mod_group"]), number(&row["frac95_identity"]));
        assert!(any >= here + 0.3 && here <= 0.25, "shifts hide the channels");
        assert!(number(&row["mean_corr_mod_group"]) > 0.8 && number(&row["mean_corr_identity"]) < 0.5);
    }
    assert_eq!((number(&row["frac95_mod_group"]), number(&row["frac95_identity"])), (1.0, 0.125));
    assert!(number(&row["mean_corr_mod_group"]) > 0.99 && number(&row["mean_corr_identity"]) < 0.5);
    assert!(number(&row["rel_eval_mse"]) < 1e-5);
    let mut options = SpecializationOptions::new(GroupTable::Cyclic(8), 800, true);
    options.output = OutputKind::Invariant;
    options.runs = 2;
    let report = specialize(&options, &mut |_, _| {}).unwrap();
    assert!(report.specialized >= 0.85 && report.specialized_at_identity < 0.5, "{report:?}");
    // The same seed gives the same bits.
    options.training.steps = 20;
    let (a, b) =
        (specialize(&options, &mut |_, _| {}).unwrap(), specialize(&options, &mut |_, _| {}).unwrap());
    assert_eq!(a.relative_error.to_bits(), b.relative_error.to_bits());
}
