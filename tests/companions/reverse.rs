//! Reversal of random layers against a table of measurements, and the exact laws against fresh measurements.
//!
//! Every random test has a fixed seed; the bands are at least four standard errors wide (chance below 1e-4 for a fresh
//! seed), unless a test says otherwise.

use crate::known::{Entry, SplitMix, all_close, close, index, known, list, number, numbers, rows, text};
use isotypic::action::GSet;
use isotypic::analysis::GroupTable;
use isotypic::analysis::reverse::experiment::{LayerKind, ReverseOptions, ReverseReport, Support, run};
use isotypic::analysis::reverse::half_linear::{HalfLinearOptions, half_linear_reversal};
use isotypic::analysis::reverse::isotypic::{IsotypicOptions, isotypic_law};
use isotypic::analysis::reverse::likeness::random_likeness;
use isotypic::analysis::reverse::network::{ReverseRule, equivariance_violation, linearity_defect, reverse};
use isotypic::analysis::reverse::predict::{Sizes, dense_error_scale, gain, gaussian_mean, isotypic_error};
use isotypic::analysis::reverse::shadow::shadow_batch;
use isotypic::analysis::reverse::stacked::{StackedOptions, stacked};
use isotypic::analysis::reverse::{Decoder, Generative, RandomLayer, Threshold};
use isotypic::analysis::smooth::harmonics::slope;
use isotypic::group::PermutationGroup;
use isotypic::network::{Activation, AffineLayer, Network, SmoothActivation};
use nalgebra::{DMatrix, DVector};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use std::sync::Arc;

fn quiet(_: usize, _: usize) {}

fn group(name: &str) -> Arc<PermutationGroup> {
    Arc::new(PermutationGroup::parse(name).unwrap())
}

fn normal_layer(generator: &mut SplitMix, visible: usize, hidden: usize) -> RandomLayer {
    let entries: Vec<f64> = (0..visible * hidden).map(|_| generator.normal()).collect();
    RandomLayer::from_weights(DMatrix::from_row_slice(visible, hidden, &entries))
}

fn mask(generator: &mut SplitMix, visible: usize, keep: f64) -> DVector<f64> {
    DVector::from_fn(visible, |_, _| f64::from(u8::from(generator.uniform() < keep)))
}

fn iid(visible: usize, hidden: usize, sparsity: usize, keep: f64, trials: usize, seed: u64) -> ReverseReport {
    let options = ReverseOptions {
        layer: LayerKind::Iid { visible, hidden },
        model: Generative::relu(keep).unwrap(),
        sparsity,
        support: Support::Random,
        centred: false,
        trials,
        seed,
    };
    run(&options, &mut quiet).unwrap()
}

pub(crate) fn a_small_independent_layer_is_reproduced_from_its_seed() {
    let known = known();
    let table = &known["alm16"]["small_iid"];
    let sizes = Sizes {
        visible: index(&table["n"]),
        hidden: index(&table["m"]),
        sparsity: index(&table["k"]),
        keep: number(&table["rho"]),
    };
    assert!(text(&table["order"]).starts_with("W row-major"));
    let mut generator = SplitMix(index(&table["seed"]) as u64);
    let layer = normal_layer(&mut generator, sizes.visible, sizes.hidden);
    let first: Vec<f64> = layer.weights().row(0).iter().copied().collect();
    all_close(&first, &numbers(&table["W_first_row"]), 1e-12, "W");
    close(layer.weights().sum(), number(&table["W_sum"]), 0.0, 1e-12, "sum of W");
    close(layer.weights().norm_squared(), number(&table["W_frob2"]), 1e-14, 0.0, "|W|^2");
    let mask = mask(&mut generator, sizes.visible, sizes.keep);
    assert_eq!(mask.as_slice(), numbers(&table["mask"]));

    let model = Generative::relu(sizes.keep).unwrap();
    close(model.scale(sizes.visible), number(&table["alpha"]), 1e-15, 0.0, "scale");
    let h = DVector::from_vec(numbers(&table["h"]));
    let x = model.generate(&layer, &h, &mask);
    all_close(x.as_slice(), &numbers(&table["x"]), 1e-12, "x");
    let linear = Decoder::new(Threshold::Linear).decode(&layer, &x);
    all_close(linear.as_slice(), &numbers(&table["WTx"]), 1e-12, "W^T x");
    close((linear - &h).norm() / h.norm(), number(&table["rel_err_lin"]), 1e-12, 0.0, "err");
    close(sizes.threshold() * h.norm(), number(&table["delta_theory"]), 1e-12, 0.0, "threshold");
    let delta = number(&table["delta_used"]);
    let soft = Decoder::new(Threshold::Soft(delta)).decode(&layer, &x);
    all_close(soft.as_slice(), &numbers(&table["h_hat_soft"]), 1e-12, "soft");
    let relu = Decoder::new(Threshold::Soft(0.0)).decode(&layer, &x);
    all_close(relu.as_slice(), &numbers(&table["h_hat_relu0"]), 1e-12, "relu");
}

pub(crate) fn a_small_circulant_layer_is_reproduced_from_its_seed() {
    let known = known();
    let table = &known["alm16"]["small_circ"];
    let (n, channels) = (index(&table["N"]), index(&table["cx"]));
    let mut generator = SplitMix(index(&table["seed"]) as u64);
    let kernel: Vec<f64> = (0..n * channels).map(|_| generator.normal()).collect();
    all_close(&kernel, &rows(&table["w"]).concat(), 1e-12, "kernel");
    let layer = RandomLayer::from_kernel(&GroupTable::Cyclic(n), channels, 1, &kernel);
    let model = Generative::relu(1.0).unwrap();
    let all = DVector::from_element(n * channels, 1.0);
    let h = DVector::from_vec(numbers(&table["h"]));
    let x = model.generate(&layer, &h, &all);
    all_close(x.as_slice(), &numbers(&table["x"]), 1e-12, "x");
    let back = layer.adjoint(&x);
    all_close(back.as_slice(), &numbers(&table["WTx"]), 1e-12, "W^T x");

    let mut turned = numbers(&table["h"]);
    turned.rotate_right(3);
    let turned_back = layer.adjoint(&model.generate(&layer, &DVector::from_vec(turned), &all));
    all_close(turned_back.as_slice(), &numbers(&table["WTx_of_shifted_h"]), 1e-12, "turned");
    let mut want = back.as_slice().to_vec();
    want.rotate_right(3);
    all_close(turned_back.as_slice(), &want, 1e-15, "equivariance");
    assert!(number(&table["equiv_err"]) < 1e-15);

    // A wave of frequency k is an eigenvector of W^T W.
    let gram = layer.weights().tr_mul(layer.weights()) / (n * channels) as f64;
    for (k, want) in numbers(&table["eig_WTW_over_n_by_freq"]).into_iter().enumerate() {
        let angle = |s: usize| std::f64::consts::TAU * (k * s) as f64 / n as f64;
        let wave = DVector::from_fn(n, |s, _| angle(s).cos());
        close((&gram * &wave).dot(&wave) / wave.norm_squared(), want, 1e-12, 0.0, "eigenvalue");
    }
}

pub(crate) fn the_linear_error_is_exact_in_the_mean() {
    let known = known();
    let table = &known["alm16"]["mc_generator_check"];
    let sizes = Sizes {
        visible: index(&table["n"]),
        hidden: index(&table["m"]),
        sparsity: index(&table["k"]),
        keep: number(&table["rho"]),
    };
    close(sizes.linear_error(), number(&table["exact"]), 1e-15, 0.0, "exact");

    // The 400 trials of the table, number by number.
    let trials = index(&table["T"]);
    let mut generator = SplitMix(index(&table["seed"]) as u64);
    let model = Generative::relu(sizes.keep).unwrap();
    let h = DVector::from_fn(sizes.hidden, |j, _| if j < sizes.sparsity { 1.0 } else { 0.0 });
    let errors: Vec<f64> = (0..trials)
        .map(|_| {
            let layer = normal_layer(&mut generator, sizes.visible, sizes.hidden);
            let mask = mask(&mut generator, sizes.visible, sizes.keep);
            (layer.adjoint(&model.generate(&layer, &h, &mask)) - &h).norm_squared() / h.norm_squared()
        })
        .collect();
    let mean = errors.iter().sum::<f64>() / trials as f64;
    close(mean, number(&table["mean"]), 1e-12, 0.0, "mean");
    let variance = errors.iter().map(|e| (e - mean).powi(2)).sum::<f64>() / trials as f64;
    close((variance / trials as f64).sqrt(), number(&table["se"]), 1e-10, 0.0, "standard error");

    // 2000 fresh trials: standard error 1.4 percent, band 5 percent.
    let report = iid(sizes.visible, sizes.hidden, sizes.sparsity, sizes.keep, 2000, 5);
    close(report.linear, report.exact_linear, 0.05, 0.0, "mean over 2000 trials");
    assert!((report.linear - report.exact_linear).abs() < 4.0 * report.linear_standard_error);
    assert!((report.gain - 1.0).abs() < 4.0 * report.gain_standard_error);
}

pub(crate) fn laws_and_measurements_agree_on_the_grid() {
    let known = known();
    let grid = &known["alm16"]["grid"];
    let (mut found, mut rows) = (0, 0);
    for row in list(&grid["grid"]) {
        let sizes = Sizes {
            visible: index(&row["n"]),
            hidden: index(&row["m"]),
            sparsity: index(&row["k"]),
            keep: number(&row["rho"]),
        };
        close(sizes.kept(), number(&row["t"]), 1e-15, 0.0, "t");
        close(sizes.linear_error(), number(&row["exact_lin_sq"]), 1e-12, 0.0, "exact");
        close(sizes.soft_error(), number(&row["pred_soft"]), 1e-12, 0.0, "soft");
        close(sizes.hard_error(), number(&row["pred_hard"]), 1e-12, 0.0, "hard");
        // The variances of the entries add up to the error, for equal entries on the support.
        let entry = (sizes.sparsity as f64).sqrt().recip();
        let total = sizes.sparsity as f64 * sizes.entry_variance(1.0, entry)
            + (sizes.hidden - sizes.sparsity) as f64 * sizes.entry_variance(1.0, 0.0);
        close(total, sizes.linear_error(), 1e-12, 0.0, "sum of variances");
        // The bands that the table's 16 to 40 trials were found in.
        let ratio = number(&row["mean_lin_sq"]) / sizes.linear_error();
        assert!((0.938..=1.151).contains(&ratio), "{ratio}");
        assert!((0.94..=1.052).contains(&number(&row["offstd_norm"])));
        let soft = number(&row["rel_err_soft"]) / sizes.soft_error();
        let hard = number(&row["rel_err_hard"]) / sizes.hard_error();
        assert!(soft < 1.06, "the law is an upper estimate where the support is not found: {soft}");
        if number(&row["support_ok"]) >= 0.8 {
            assert!((0.916..=1.053).contains(&soft), "{soft}");
            assert!((0.7..1.3).contains(&hard), "{hard}");
            found += 1;
        }
        assert!(number(&row["rel_err_relu0"]) <= number(&row["rel_err_linear"]));
        assert!(number(&row["inf_norm_sqrt_t"]) > 0.0 && index(&row["trials"]) >= 16);
        let (k, t) = (sizes.sparsity as f64, sizes.kept());
        assert_eq!(row["theory_cond"].as_bool().unwrap(), k < t && t < k * k);
        rows += 1;
    }
    assert!(rows == 54 && found > 10);
    // Fresh trials in three corners of the grid.
    for (n, m, k, keep) in [(512, 128, 4, 0.25), (1024, 512, 8, 1.0), (2048, 128, 16, 0.5)] {
        let report = iid(n, m, k, keep, 30, 7);
        close(report.linear, report.exact_linear, 0.15, 0.0, "linear");
        close(report.off_support_variance, 1.0, 0.12, 0.0, "off the support");
        if report.support_found > 0.8 {
            close(report.soft, report.predicted_soft, 0.1, 0.0, "soft");
        }
    }
    // The errors grow like a power near 1/2 of k log(m) / t.
    for fit in ["fit_soft", "fit_hard"] {
        assert!((numbers(&grid[fit])[0] - 0.5).abs() < 0.05);
    }
}

pub(crate) fn dense_codes_dropping_and_moments_obey_their_laws() {
    let known = known();
    let grid = &known["alm16"]["grid"];
    let mut random = ChaCha8Rng::seed_from_u64(2);
    for row in list(&grid["baby"]) {
        let (n, m) = (index(&row["n"]), index(&row["m"]));
        let scale = dense_error_scale(n, m);
        assert!(number(&row["max_C"]) <= 0.245 && number(&row["median_C"]) <= number(&row["max_C"]));
        close(number(&row["median_inf"]) / scale, number(&row["median_C"]), 1e-9, 0.0, "constant");
        // The largest of m normal numbers of variance |h|^2 / n, for half of the entries 1 and half 0.
        let predicted = ((m as f64).ln() * m as f64 / n as f64).sqrt();
        close(predicted, number(&row["pred_inf"]), 1e-9, 0.0, "largest entry");
        if n * m <= 1 << 18 {
            let layer = RandomLayer::iid(n, m, &mut random);
            let h = DVector::from_fn(m, |j, _| (j % 2) as f64);
            let error = (layer.adjoint(&layer.apply(&h)) / n as f64 - h).amax();
            assert!(error < 0.3 * scale, "{error} {scale}");
        }
    }
    // Dropping half of x and decoding with 2 W^T is the model with half the keep probability, in law.
    for row in list(&grid["dropout"]) {
        close(number(&row["drop_med"]), number(&row["half_rho_med"]), 0.03, 0.0, "dropping half");
        assert!(
            index(&row["n"]) == 4 * index(&row["m"]) && index(&row["k"]) == 8 && number(&row["rho"]) <= 1.0
        );
    }
    let (n, m) = (1024, 256);
    let model = Generative::relu(1.0).unwrap();
    let half = Generative::relu(0.5).unwrap();
    let (mut dropped, mut halved) = (0.0, 0.0);
    for _ in 0..25 {
        let layer = RandomLayer::iid(n, m, &mut random);
        let h = DVector::from_fn(m, |j, _| if j % 32 == 0 { 8f64.sqrt().recip() } else { 0.0 });
        let drop = half.mask(n, &mut random);
        let x = model.generate(&layer, &h, &DVector::from_element(n, 1.0)).component_mul(&drop) * 2.0;
        dropped += (layer.adjoint(&x) - &h).norm_squared() / 25.0;
        let x = half.generate(&layer, &h, &half.mask(n, &mut random));
        halved += (layer.adjoint(&x) - &h).norm_squared() / 25.0;
    }
    close(dropped, halved, 0.08, 0.0, "dropping");

    // Stein's identity and the second moment, by quadrature over both normal variables.
    for row in list(&grid["stein"]) {
        let (h, sigma) = (number(&row["h"]), number(&row["sigma"]));
        let over_both = |f: &dyn Fn(f64, f64) -> f64| {
            // The integrand in w has its kink at -xi / h, off the grid: 1e-6 is what Simpson's rule then gives.
            gaussian_mean(|xi| gaussian_mean(|w| f(w, (w * h + xi).max(0.0)), 1.0), sigma)
        };
        let mean = over_both(&|w, r| w * r);
        let second = over_both(&|w, r| w * w * r * r);
        close(mean, number(&row["exact_mean"]), 1e-5, 0.0, "mean");
        close(second, number(&row["exact_second"]), 1e-5, 0.0, "second moment");
        close(mean, 0.5 * h, 1e-5, 0.0, "half of h");
        close(second, 0.5 * (3.0 * h * h + sigma * sigma), 1e-5, 0.0, "(3 h^2 + sigma^2) / 2");
        close(number(&row["mean"]), mean, 0.01, 0.0, "table, mean");
        close(number(&row["second"]), second, 0.01, 0.0, "table, second moment");
    }
}

pub(crate) fn errors_scale_with_the_root_of_k_over_t() {
    let known = known();
    let table = &known["alm16"]["scaling_twolayer"];
    let (m, k) = (index(&table["t_scaling"]["m"]), index(&table["t_scaling"]["k"]));
    let logs = |pairs: &[(f64, f64)]| -> f64 {
        slope(&pairs.iter().map(|(x, y)| (x.ln(), y.ln())).collect::<Vec<_>>())
    };
    let exponents = numbers(&table["t_scaling"]["exponents"]);
    let t_rows = rows(&table["t_scaling"]["rows"]);
    for (column, want) in exponents.iter().enumerate() {
        let points: Vec<(f64, f64)> = t_rows.iter().map(|row| (row[0], row[column + 1])).collect();
        close(logs(&points), *want, 0.0, 1e-9, "exponent of the table");
        close(*want, -0.5, 0.0, 0.05, "exponent of the table");
    }
    for row in &t_rows {
        let sizes = Sizes { visible: row[0] as usize, hidden: m, sparsity: k, keep: 1.0 };
        // The table counts the variance on the support, (2 k + 4) / t, and not 2 k / t only.
        let refined = (sizes.soft_error().powi(2) + 4.0 / sizes.kept()).sqrt();
        close(refined, row[4], 1e-12, 0.0, "prediction");
    }
    let (mut soft, mut linear) = (Vec::new(), Vec::new());
    for n in [512, 1024, 2048, 4096] {
        let report = iid(n, m, k, 1.0, 25, 31);
        soft.push((n as f64, report.soft));
        linear.push((n as f64, report.linear.sqrt()));
    }
    close(logs(&soft), -0.5, 0.0, 0.05, "exponent of t, soft");
    close(logs(&linear), -0.5, 0.0, 0.03, "exponent of t, linear");

    let k_rows = rows(&table["k_scaling"]["rows"]);
    let (m, t) = (index(&table["k_scaling"]["m"]), index(&table["k_scaling"]["t"]));
    for row in &k_rows {
        let sizes = Sizes { visible: t, hidden: m, sparsity: row[0] as usize, keep: 1.0 };
        close(row[1], sizes.soft_error(), 0.15, 0.0, "law of k, soft");
        close(row[2], sizes.hard_error(), 0.25, 0.0, "law of k, hard");
    }
    for (column, want) in numbers(&table["k_scaling"]["exponents"]).iter().enumerate() {
        let points: Vec<(f64, f64)> = k_rows.iter().map(|row| (row[0], row[column + 1])).collect();
        close(logs(&points), *want, 0.0, 1e-9, "exponent of k in the table");
        close(*want, 0.5, 0.0, 0.05, "exponent of k in the table");
    }
    let by_k: Vec<(f64, f64)> =
        [2, 8, 32].into_iter().map(|k| (k as f64, iid(2048, 128, k, 1.0, 25, 8).soft)).collect();
    close(logs(&by_k), 0.5, 0.0, 0.06, "exponent of k");

    // The regime k < t < k^2 of the theorem says little at this size.
    let regime = &table["theorem_regime"];
    let sizes = Sizes {
        visible: index(&regime["t"]),
        hidden: index(&regime["m"]),
        sparsity: index(&regime["k"]),
        keep: 1.0,
    };
    close(sizes.soft_error(), number(&regime["pred"]), 1e-9, 0.0, "prediction");
    assert!(numbers(&regime["rel_err"]).iter().all(|e| (e / sizes.soft_error() - 1.0).abs() < 0.05));
}

pub(crate) fn two_layers_find_the_support() {
    let known = known();
    for row in list(&known["alm16"]["scaling_twolayer"]["two_layer"]) {
        let config = &row["cfg"];
        let layers = ["n0", "n1", "n2"].map(|key| index(&config[key]));
        assert!(layers[0] >= layers[1] && layers[1] > layers[2] && index(&config["k2"]) == 4);
        assert!(number(&config["rho0"]) == 1.0 && (0.1..=1.0).contains(&number(&config["rho1"])));
        for (threshold, result) in row["res"].as_object().unwrap() {
            assert!(threshold.parse::<f64>().unwrap() <= 1.0);
            assert!(number(&result["support"]) >= 0.75);
            assert!(number(&result["layer2_hard"]) < 0.6 && number(&result["layer2_soft"]) < 0.75);
            assert!((0.25..1.08).contains(&number(&result["layer1_rel"])));
        }
    }
    // Half the size of the last configuration of the table, 8 trials as there.
    let options = |middle_threshold| StackedOptions {
        visible: 1024,
        middle: 1024,
        top: 128,
        sparsity: 4,
        keep_visible: 1.0,
        keep_middle: 1.0,
        middle_threshold,
        trials: 8,
        seed: 3,
    };
    for threshold in [0.0, 0.5, 1.0] {
        let report = stacked(options(threshold), &mut quiet).unwrap();
        assert!(report.support_found >= 0.75, "{report:?}");
        assert!(report.middle_error > 0.5, "the middle layer is not recovered: {report:?}");
        assert!(report.top_hard < 0.7, "the top layer is: {report:?}");
    }
}

fn support(kind: &str) -> Option<Support> {
    Some(match kind {
        "random" => Support::Random,
        "coset" => Support::Coset,
        "interval" => Support::Interval,
        "perchannel" => Support::PerChannel,
        _ => return None,
    })
}

pub(crate) fn convolutions_reverse_as_well_as_independent_weights() {
    let known = known();
    let table = &known["alm16"]["circulant"];
    assert!(number(&table["equiv_err"]) < 1e-14);
    for row in list(&table["runs"]) {
        let (circ, iid) = (&row["circ"], &row["iid"]);
        let sizes = Sizes {
            visible: index(&circ["n"]),
            hidden: index(&circ["m"]),
            sparsity: index(&circ["k"]),
            keep: number(&circ["rho"]),
        };
        close(sizes.linear_error(), number(&circ["iid_lin_sq"]), 1e-12, 0.0, "exact");
        close(sizes.linear_error(), number(&iid["iid_lin_sq"]), 1e-12, 0.0, "exact");
        let (points, cx, ch) = (index(&circ["N"]), index(&circ["cx"]), index(&circ["ch"]));
        assert_eq!((points * cx, points * ch), (sizes.visible, sizes.hidden));
        assert_eq!((index(&iid["n"]), index(&iid["m"])), (sizes.visible, sizes.hidden));
        assert_eq!((index(&iid["k"]), text(&iid["kind"])), (sizes.sparsity, text(&circ["kind"])));
        assert_eq!((number(&iid["rho"]), number(&iid["t"])), (sizes.keep, sizes.kept()));
        assert!(
            number(&circ["t"]) == sizes.kept() && index(&circ["trials"]) >= 10 * index(&iid["trials"]) / 2
        );
        assert!(number(&circ["mean_bias"]).abs() < 0.09, "unbiased");
        let linear = number(&circ["mean_lin_sq"]) / sizes.linear_error();
        assert!((0.94..1.04).contains(&(number(&iid["mean_lin_sq"]) / sizes.linear_error())));
        let both = |key: &str| (number(&circ[key]), number(&iid[key]));
        let (soft, hard, found) = (both("med_soft"), both("med_hard"), both("support_ok"));
        let variance = both("off_var_ratio");
        if support(text(&circ["kind"])).is_none() {
            // A dense wave: nothing is sparse, so no support is found; the error without threshold is larger than for
            // independent weights where channels are few, and many channels heal it.
            assert!(circ["pred_soft"].is_null() && found.0 < 0.5 && found.1 < 0.5);
            assert!(soft.0.max(soft.1).max(hard.0).max(hard.1) < 1.02 && variance.0.min(variance.1) > 0.5);
            assert!(if cx <= 4 { linear > 1.5 } else { (1.0..1.3).contains(&linear) }, "{cx}: {linear}");
            continue;
        }
        assert!((0.94..1.1).contains(&linear), "{linear}");
        assert!((0.8..1.3).contains(&(hard.0 / hard.1)) && found.0.min(found.1) >= 0.5);
        assert!((0.96..1.04).contains(&variance.1));
        close(sizes.soft_error(), number(&circ["pred_soft"]), 1e-12, 0.0, "prediction");
        assert!((0.93..1.09).contains(&number(&circ["off_var_ratio"])));
        let ratio = number(&circ["med_soft"]) / number(&iid["med_soft"]);
        assert!((0.85..1.15).contains(&ratio), "{ratio}");
    }
    // The soft error follows the gain of each trial, so its median needs many: 160 give a standard error of 3 percent.
    let options = |layer: LayerKind, support: Support| ReverseOptions {
        layer,
        model: Generative::relu(1.0).unwrap(),
        sparsity: 8,
        support,
        centred: false,
        trials: 160,
        seed: 4,
    };
    let reference =
        run(&options(LayerKind::Iid { visible: 1024, hidden: 256 }, Support::Random), &mut quiet).unwrap();
    for kind in [Support::Random, Support::Coset, Support::Interval, Support::PerChannel] {
        let layer = LayerKind::Convolution {
            group: GroupTable::Cyclic(128),
            visible_channels: 8,
            hidden_channels: 2,
        };
        let report = run(&options(layer, kind), &mut quiet).unwrap();
        let ratio = report.soft / reference.soft;
        assert!((0.85..1.15).contains(&ratio), "{kind:?}: {ratio}");
        assert!((0.85..1.15).contains(&report.off_support_variance), "{kind:?}: {report:?}");
    }
    // A group that is not abelian.
    let layer = LayerKind::Convolution {
        group: GroupTable::new(&group("S4")).unwrap(),
        visible_channels: 40,
        hidden_channels: 10,
    };
    let report = run(&options(layer, Support::Random), &mut quiet).unwrap();
    close(report.soft, report.predicted_soft, 0.15, 0.0, "S4");
}

pub(crate) fn spectra_of_random_layers_fill_the_interval_of_marchenko_and_pastur() {
    let known = known();
    for row in list(&known["alm16"]["circulant"]["spectra"]) {
        let ratio = (number(&row["ch"]) / number(&row["cx"])).sqrt();
        let edges = numbers(&row["mp_edges"]);
        all_close(&[(1.0 - ratio).powi(2), (1.0 + ratio).powi(2)], &edges, 1e-12, "edges");
        // Few channels fluctuate; each table entry is one draw.
        let slack = 2.0 / (number(&row["cx"]) * 1.0).sqrt();
        assert!(number(&row["circ_min"]) > edges[0] - slack && number(&row["circ_max"]) < edges[1] + slack);
        if row["iid_max"].is_null() {
            assert!(row["iid_min"].is_null(), "too large to diagonalise");
        } else {
            assert!(number(&row["iid_min"]) > edges[0] - 0.1 && number(&row["iid_max"]) < edges[1] + 0.1);
        }
        assert_eq!(index(&row["N"]), 64);
    }
    // Piece by piece, for a group with all three types: 24 to 96 channels.
    let group = group("Q8");
    let mut random = ChaCha8Rng::seed_from_u64(6);
    let layer = RandomLayer::group_convolution(&GroupTable::new(&group).unwrap(), 48, 12, &mut random);
    let regular = GSet::regular(&group).unwrap();
    let visible = GSet::sum(vec![regular.clone(); 48]).unwrap();
    let hidden = GSet::sum(vec![regular; 12]).unwrap();
    let pieces = random_likeness(layer.weights(), &visible, &hidden).unwrap();
    assert_eq!(pieces.len(), 5);
    for piece in &pieces {
        assert_eq!((piece.visible_multiplicity, piece.hidden_multiplicity), (48, 12));
        close(piece.lower_edge, 0.25, 1e-12, 0.0, "edge");
        assert!(piece.fraction_inside.unwrap() > 0.9, "{piece:?}");
        close(piece.relative_gain, 1.0, 0.25, 0.0, "gain");
    }
    // A layer that passes only the trivial piece is not random-like.
    let average = DMatrix::from_element(48 * 8, 12 * 8, 1.0);
    let pieces = random_likeness(&average, &visible, &hidden).unwrap();
    assert!(pieces[0].fraction_inside.unwrap() < 0.5 && pieces[0].relative_gain > 5.0);
    assert!(
        random_likeness(
            &(average + layer.weights().map(|w| w * w))
                .map_with_location(|i, j, w| { if (i, j) == (0, 0) { w + 1.0 } else { w } }),
            &visible,
            &hidden
        )
        .is_err()
    );
}

pub(crate) fn the_isotypic_law_holds_in_twenty_cases() {
    let known = known();
    let cases = list(&known["alm16"]["isotypic_linear"]);
    assert_eq!(cases.len(), 20);
    let mut measured: Vec<(String, usize, usize, Vec<isotypic::analysis::reverse::isotypic::IsotypicRow>)> =
        vec![];
    for case in cases {
        let (name, piece) = text(&case["group"]).split_once(':').unwrap();
        let (beta, mu, dim) = (index(&case["beta"]), index(&case["mult"]), index(&case["dim"]));
        let (cx, ch) = (index(&case["cx"]), index(&case["ch"]));
        let predicted = isotypic_error(beta, mu, cx, ch);
        close(predicted, number(&case["pred"]), 1e-12, 0.0, "law");
        assert!((number(&case["mean"]) - predicted).abs() < 4.0 * number(&case["se"]));
        assert!((number(&case["iid"]) - (8.0 * ch as f64 + 1.0) / (8.0 * cx as f64)).abs() < 1e-12);
        if !measured.iter().any(|(g, a, b, _)| (g.as_str(), *a, *b) == (name, cx, ch)) {
            let options =
                IsotypicOptions { visible_channels: cx, hidden_channels: ch, trials: 800, seed: 17 };
            let rows = isotypic_law(&group(name), options, &mut quiet).unwrap();
            measured.push((name.into(), cx, ch, rows));
        }
        let rows = &measured.iter().find(|(g, a, b, _)| (g.as_str(), *a, *b) == (name, cx, ch)).unwrap().3;
        let row = rows
            .iter()
            .enumerate()
            .find(|(position, row)| match piece {
                "triv" => *position == 0,
                "2d" => row.dim == 2,
                "H" => row.endomorphism_dim == 4,
                frequency => row.label == frequency[1..],
            })
            .unwrap()
            .1;
        assert_eq!((row.endomorphism_dim, row.multiplicity, row.dim), (beta, mu, dim));
        let distance = (row.measured - predicted).abs() / row.standard_error;
        assert!(distance < 4.0, "{name} {piece} {cx} {ch}: {row:?}");
    }
    // Every piece of every run, not only those of the table.
    for (name, cx, ch, rows) in &measured {
        for row in rows {
            let distance = (row.measured - row.predicted).abs() / row.standard_error;
            assert!(distance < 4.5, "{name} {cx} {ch}: {row:?}");
        }
    }
}

pub(crate) fn half_linear_activations_reverse_without_bias() {
    let known = known();
    close(number(&known["cross"]["centring_factor_relu"]), 1.0 - 1.0 / std::f64::consts::PI, 1e-12, 0.0, "");
    for row in list(&known["cross"]["halflinear_reversal"]) {
        let f = match text(&row["act"]) {
            "relu" => SmoothActivation::Relu,
            "softplus2" => SmoothActivation::Softplus { alpha: 2.0 },
            "silu2" => SmoothActivation::Silu { alpha: 2.0 },
            "sqrt1" => SmoothActivation::Root { eps: 1.0 },
            "gelu1" => SmoothActivation::Gelu { alpha: 1.0 },
            "tanh" => SmoothActivation::Tanh,
            other => panic!("unknown activation {other}"),
        };
        let keep = number(&row["rho"]);
        let options =
            HalfLinearOptions { visible: 512, hidden: 64, sparsity: 4, keep, trials: 150, seed: 12 };
        let got = half_linear_reversal(f, options, &mut quiet).unwrap();
        // The predictions of the table are sample means; they carry its noise.
        close(got.predicted_variance, number(&row["offvar_pred"]), 0.02, 0.0, &format!("{f}"));
        let centred = got.predicted_variance * got.predicted_factor;
        close(centred, number(&row["centred_pred"]), 0.03, 0.0, &format!("{f} centred"));
        close(got.off_support_variance, got.predicted_variance, 0.08, 0.0, &format!("{f} measured"));
        close(number(&row["offvar"]), got.predicted_variance, 0.03, 0.0, "table");
        close(number(&row["offvar_centred"]), centred, 0.03, 0.0, "table");
        close(got.centring_factor, got.predicted_factor, 0.0, 0.03, &format!("{f} factor"));
        let within = |gain: f64, error: f64| (gain - 1.0).abs() < 4.0 * error;
        if f.is_half_linear() {
            close(got.predicted_gain, 1.0, 1e-9, 0.0, "Stein");
            assert!(within(got.gain, got.gain_standard_error), "{got:?}");
            assert!(within(number(&row["gain"]), number(&row["gain_se"])));
        } else {
            // tanh is not half-linear: its reversal is biased.
            close(got.predicted_gain, 1.2114, 0.01, 0.0, "tanh");
            assert!(!within(got.gain, got.gain_standard_error) && got.gain > 1.15);
            assert!(!within(number(&row["gain"]), number(&row["gain_se"])));
        }
        if f == SmoothActivation::Relu {
            let law = 1.0 - keep / std::f64::consts::PI;
            close(got.centring_factor, law, 0.0, 0.02, "1 - rho / pi");
            close(got.predicted_factor, law, 1e-6, 0.0, "1 - rho / pi");
        }
    }
    assert!((gain(SmoothActivation::Tanh, 1.0) - 1.0).abs() > 0.2);
}

fn random_network(random: &mut ChaCha8Rng, table: &GroupTable, channels: &[usize], bias: f64) -> Network {
    let layers = channels
        .windows(2)
        .map(|pair| {
            let layer = RandomLayer::group_convolution(table, pair[1], pair[0], random);
            let rows = layer.visible();
            AffineLayer::new(layer.weights().clone(), DVector::from_element(rows, bias)).unwrap()
        })
        .collect::<Vec<_>>();
    let activations = vec![Activation::Relu; layers.len() - 1];
    Network::new(layers, activations).unwrap()
}

pub(crate) fn networks_are_reversed_equivariantly() {
    let known = known();
    let jacobian = &known["smooth"]["alias_cert"]["jac"];
    assert!(number(&jacobian["err"]) < 1e-6 && number(&jacobian["softplus_err"]) > 0.1);
    let mut random = ChaCha8Rng::seed_from_u64(8);
    for name in ["C6", "S3", "Q8"] {
        let group = group(name);
        let table = GroupTable::new(&group).unwrap();
        let network = random_network(&mut random, &table, &[2, 3, 2], 0.3);
        let inputs = GSet::sum(vec![GSet::regular(&group).unwrap(); 2]).unwrap();
        for rule in [ReverseRule::Adjoint, ReverseRule::Deconvolution] {
            let violation = equivariance_violation(&network, &inputs, rule, 3, 1).unwrap();
            assert!(violation < 1e-12, "{name} {rule:?}: {violation}");
        }
        // Without biases y = L(x) x, for ReLU and not for softplus.
        let network = random_network(&mut random, &table, &[2, 3, 2], 0.0);
        let x: Vec<f64> = (0..network.inputs()).map(|i| (i as f64 * 1.3).sin()).collect();
        assert!(linearity_defect(&network, SmoothActivation::Relu, &x) < 1e-12);
        assert!(linearity_defect(&network, SmoothActivation::Softplus { alpha: 1.0 }, &x) > 0.1);
        // A layer that is not equivariant is caught.
        let mut weights = network.layers()[0].weights().clone();
        weights[(0, 0)] += 1.0;
        let outputs = weights.nrows();
        let broken = Network::new(
            vec![AffineLayer::new(weights, DVector::zeros(outputs)).unwrap(), network.layers()[1].clone()],
            vec![Activation::Relu],
        )
        .unwrap();
        assert!(equivariance_violation(&broken, &inputs, ReverseRule::Adjoint, 3, 1).unwrap() > 1e-3);
    }
}

#[test]
fn deconvolution_gates_by_its_own_signs() {
    let column = |entries: &[f64]| DMatrix::from_row_slice(2, 1, entries);
    let layers = vec![
        AffineLayer::new(column(&[1.0, 2.0]), DVector::from_element(2, 0.5)).unwrap(),
        AffineLayer::new(column(&[3.0, -1.0]).transpose(), DVector::zeros(1)).unwrap(),
    ];
    let network = Network::new(layers, vec![Activation::Relu]).unwrap();
    // At 1 both gates are open: the output is 3 * 1.5 - 2.5 = 2, and backwards (6, -2) loses its second entry.
    assert_eq!(reverse(&network, &[1.0], ReverseRule::Deconvolution), [6.0]);
    assert_eq!(reverse(&network, &[1.0], ReverseRule::Adjoint), [2.0]);
}

#[test]
fn thresholds_cut_where_they_say() {
    let cut = |threshold: Threshold| [-3.0, 1.0, 2.0, 3.0].map(|y| threshold.apply(y));
    assert_eq!(cut(Threshold::Linear), [-3.0, 1.0, 2.0, 3.0]);
    assert_eq!(cut(Threshold::Soft(2.0)), [0.0, 0.0, 0.0, 1.0]);
    assert_eq!(cut(Threshold::Hard(2.0)), [0.0, 0.0, 0.0, 3.0]);
}

#[test]
fn the_adjoint_is_the_gradient() {
    let mut random = ChaCha8Rng::seed_from_u64(9);
    let network = random_network(&mut random, &GroupTable::Cyclic(5), &[2, 3, 1], 0.2);
    let x: Vec<f64> = (0..10).map(|i| (i as f64 * 0.7).cos()).collect();
    let back = reverse(&network, &x, ReverseRule::Adjoint);
    // L^T y is the gradient of |y|^2 / 2.
    let energy = |x: &[f64]| network.evaluate(x).iter().map(|y| 0.5 * y * y).sum::<f64>();
    for i in 0..10 {
        let (mut above, mut below) = (x.clone(), x.clone());
        above[i] += 1e-6;
        below[i] -= 1e-6;
        close(back[i], (energy(&above) - energy(&below)) / 2e-6, 1e-6, 1e-5, "gradient");
    }
}

fn err_mean(rows: &[Entry], samples: usize, mode: &str) -> f64 {
    let row = rows.iter().find(|r| index(&r["ntr"]) == samples && text(&r["mode"]) == mode).unwrap();
    let errors = numbers(&row["errs"]);
    close(errors.iter().sum::<f64>() / errors.len() as f64, number(&row["err_mean"]), 1e-9, 0.0, "mean");
    assert!(number(&row["err_sd"]) > 0.0);
    number(&row["err_mean"])
}

pub(crate) fn regenerated_inputs_are_an_option_without_a_claim() {
    let known = known();
    let toy = list(&known["alm16"]["shadow_toy"]);
    for samples in [200, 500, 2000] {
        let shadow = err_mean(toy, samples, "shadow");
        assert!(shadow < err_mean(toy, samples, "plain"));
        assert!(shadow > err_mean(toy, samples, "jitter") && shadow > err_mean(toy, samples, "dropout"));
        assert!(toy.iter().all(|row| (0.7..0.81).contains(&number(&row["cos_rev"]))));
    }
    let generated = list(&known["alm16"]["shadow_alm"]);
    assert!(generated.iter().all(|row| text(&row["data"]) == "alm"));
    for samples in [200, 500] {
        let (plain, shadow) = (err_mean(generated, samples, "plain"), err_mean(generated, samples, "shadow"));
        close(shadow, plain, 0.05, 0.0, "no difference");
        for mode in ["dropout", "jitter"] {
            close(shadow, err_mean(generated, samples, mode), 0.1, 0.0, mode);
        }
    }

    let mut random = ChaCha8Rng::seed_from_u64(10);
    let network = random_network(&mut random, &GroupTable::Cyclic(16), &[4, 2, 1], 0.0);
    let inputs: Vec<Vec<f64>> = (0..20).map(|i| (0..64).map(|j| ((i * j) as f64).sin()).collect()).collect();
    let batch = shadow_batch(&network, &inputs, 0.5, 3).unwrap();
    assert_eq!(batch, shadow_batch(&network, &inputs, 0.5, 3).unwrap());
    for (x, y) in inputs.iter().zip(&batch).skip(1) {
        let norm = |v: &[f64]| v.iter().map(|v| v * v).sum::<f64>().sqrt();
        close(norm(y), norm(x), 1e-12, 0.0, "norm");
        assert!(y.iter().all(|v| *v >= 0.0) && y.iter().filter(|v| **v == 0.0).count() > 20);
    }
    assert!(shadow_batch(&network, &[vec![1.0]], 0.5, 3).is_err());
    assert!(shadow_batch(&network, &inputs, 0.0, 3).is_err());
}

#[test]
fn senseless_experiments_are_refused() {
    let options = ReverseOptions {
        layer: LayerKind::Iid { visible: 8, hidden: 4 },
        model: Generative { keep: 1.5, activation: SmoothActivation::Relu },
        sparsity: 2,
        support: Support::Random,
        centred: false,
        trials: 1,
        seed: 0,
    };
    assert!(run(&options, &mut quiet).is_err());
    let model = Generative::relu(1.0).unwrap();
    assert!(run(&ReverseOptions { model, sparsity: 5, ..options.clone() }, &mut quiet).is_err());
    assert!(run(&ReverseOptions { model, trials: 0, ..options.clone() }, &mut quiet).is_err());
    let report = run(&ReverseOptions { model, ..options }, &mut quiet).unwrap();
    assert!(report.linear.is_finite());
}
