//! Smooth activations against values computed at 50 digits, and their spectral theory against measured tables.

use crate::known::{Entry, SplitMix, all_close, close, index, known, list, number, numbers, rows, text};
use isotypic::action::GSet;
use isotypic::analysis::IsotypicProjectors;
use isotypic::analysis::smooth::certificate::{deviation_certificate, evaluate_smooth, measured_deviation};
use isotypic::analysis::smooth::filtration::{alpha_order, filtered_graph, slope_between, softplus_slope};
use isotypic::analysis::smooth::half_identity::{HalfIdentityOptions, half_identity};
use isotypic::analysis::smooth::harmonics::{decay_law, harmonics, measured_decay, softplus_overtone};
use isotypic::analysis::smooth::leakage::{LeakageOptions, leakage};
use isotypic::analysis::smooth::sampling::{samples_for_tolerance, sampling_error};
use isotypic::analysis::smooth::temperature::cyclic_weights;
use isotypic::analysis::smooth::{forms, gate};
use isotypic::group::PermutationGroup;
use isotypic::network::smooth_activation::{GELU_GAP, KAPPA};
use isotypic::network::{Activation, AffineLayer, Network, SmoothActivation};
use nalgebra::{DMatrix, DVector};
use std::sync::Arc;

/// Four units in the last place, relative.
const FOUR_ULP: f64 = 4.0 * f64::EPSILON;

/// `softplus`, `softplus4`, `silu_4`, `sqrt` (the root form with `eps = 1 / alpha^2`), ...
fn activation(name: &str, alpha: f64) -> SmoothActivation {
    let letters: String = name.chars().take_while(|c| c.is_alphabetic()).collect();
    let digits: String = name.chars().filter(|c| c.is_ascii_digit() || *c == '.').collect();
    let alpha = digits.parse().unwrap_or(alpha);
    match letters.as_str() {
        "relu" => SmoothActivation::Relu,
        "abs" => SmoothActivation::Abs,
        "tanh" => SmoothActivation::Tanh,
        "softplus" => SmoothActivation::Softplus { alpha },
        "silu" => SmoothActivation::Silu { alpha },
        "sqrt" => SmoothActivation::root_at(alpha),
        "gelu" => SmoothActivation::Gelu { alpha },
        other => panic!("unknown activation {other}"),
    }
}

pub(crate) fn the_table_is_the_one_that_these_tests_know() {
    let known = known();
    assert_eq!(index(&known["meta"]["version"]), 1);
    let tolerances = &known["meta"]["tolerances"];
    assert_eq!((number(&tolerances["exact"]), number(&tolerances["fft"])), (1e-12, 1e-8));
    assert_eq!(number(&tolerances["finite_difference"]), 1e-6);
    assert!(text(&known["meta"]["made_by"]).contains("mpmath"));
    assert!(text(&known["meta"]["conventions"]).contains("divided by A"));
    assert!(text(&tolerances["monte_carlo"]).starts_with("4 standard errors"));
    assert_eq!(text(&known["rng"]["name"]), "SplitMix64");
    let fresh = || SplitMix(index(&known["rng"]["seed"]) as u64);
    let mut generator = fresh();
    for want in list(&known["rng"]["first_u64"]) {
        assert_eq!(generator.next().to_string(), text(want));
    }
    let mut generator = fresh();
    for want in numbers(&known["rng"]["first_uniform"]) {
        assert_eq!(generator.uniform(), want);
    }
    let mut generator = fresh();
    for want in numbers(&known["rng"]["first_normal"]) {
        close(generator.normal(), want, FOUR_ULP, 0.0, "normal");
    }
}

pub(crate) fn scalar_functions_are_right_to_the_last_digits() {
    for row in list(&known()["smooth"]["forms"]["scalar"]) {
        let (x, alpha, eps) = (number(&row["x"]), number(&row["alpha"]), number(&row["eps"]));
        let check = |f: SmoothActivation, value: &str, derivative: Option<&str>| {
            close(f.f(x), number(&row[value]), FOUR_ULP, 0.0, &format!("{f} at {x}"));
            if let Some(derivative) = derivative {
                // The derivative of SiLU has a zero at -1.278 / alpha, where only an absolute error makes sense.
                close(f.df(x), number(&row[derivative]), FOUR_ULP, 2e-16, &format!("{f}' at {x}"));
            }
        };
        check(SmoothActivation::Softplus { alpha }, "softplus", Some("dsoftplus"));
        check(SmoothActivation::Silu { alpha }, "silu", Some("dsilu"));
        check(SmoothActivation::Root { eps }, "sqrt", Some("dsqrt"));
        check(SmoothActivation::AbsTanh { alpha }, "xtanh", None);
        check(SmoothActivation::AbsLogCosh { alpha }, "logcosh_abs", None);
        check(SmoothActivation::Gelu { alpha }, "gelu_scaled", None);
    }
}

pub(crate) fn vector_forms_are_right_to_the_last_digits() {
    let known = known();
    let known = &known["smooth"]["forms"];
    let check = |x: &[f64], row: &Entry| {
        let alpha = number(&row["alpha"]);
        // Sums over entries of size `scale` cannot be better than its last digits.
        let scale = x.iter().fold(0.0f64, |m, v| m.max(v.abs())) * FOUR_ULP;
        close(forms::log_sum_exp(x, alpha), number(&row["lse"]), FOUR_ULP, 0.0, "lse");
        close(forms::softmax_mean(x, alpha), number(&row["boltz"]), FOUR_ULP, scale, "boltz");
        for (got, want) in forms::softmax(x, alpha).iter().zip(numbers(&row["softmax"])) {
            // The exponent alpha (x_i - max) is rounded, and e^ multiplies its error by its size.
            let exponent = want.max(1e-300).ln().abs();
            close(*got, want, FOUR_ULP + exponent * f64::EPSILON, 1e-300, "softmax");
        }
    };
    let x = numbers(&known["vector"]["x"]);
    for row in list(&known["vector"]["rows"]) {
        check(&x, row);
        let alpha = number(&row["alpha"]);
        let scale = 9.0 * FOUR_ULP;
        close(forms::mean_log_sum_exp(&x, alpha), number(&row["lse_mean"]), FOUR_ULP, scale, "lse_mean");
        close(forms::softmax_entropy(&x, alpha), number(&row["entropy"]), FOUR_ULP, 1e-16, "entropy");
        let gap = forms::softmax_mean(&x, alpha)
            - (forms::log_sum_exp(&x, alpha) - forms::softmax_entropy(&x, alpha) / alpha);
        close(gap, number(&row["identity_gap"]), 0.0, 1e-14 * (1.0 + 1.0 / alpha), "identity");
        let gradient = forms::softmax_mean_gradient(&x, alpha);
        all_close(&gradient, &numbers(&row["grad_boltz"]), 1e-14 * (1.0 + alpha), "gradient");
        close(forms::soft_min(&x, alpha), number(&row["soft_min_lse"]), FOUR_ULP, 0.0, "soft_min");
        close(forms::softmax_mean(&x, -alpha), number(&row["boltz_neg"]), FOUR_ULP, scale, "boltz_neg");
        close(5.0 + forms::log_sum_exp_gap(7, alpha), number(&row["upper"]), FOUR_ULP, 0.0, "upper");
        let lower = 5.0 - forms::softmax_mean_gap(7, alpha);
        close(lower, number(&row["boltz_lower"]), FOUR_ULP, scale, "boltz_lower");
    }
    for row in list(&known["vector_stable"]) {
        check(&numbers(&row["x"]), row);
    }

    let y = numbers(&known["pnorm"]["y"]);
    for row in list(&known["pnorm"]["rows"]) {
        let k = number(&row["k"]);
        // A power k multiplies relative errors by k, the root divides by k; a power 1/k of a sum by 1/k.
        let relative = FOUR_ULP * (1.0 + 1.0 / k);
        let spread = (5f64).powf(1.0 / k);
        close(forms::p_norm(&y, k), number(&row["pnorm"]), relative, 0.0, "pnorm");
        close(3.0 * spread, number(&row["upper"]), relative, 0.0, "upper");
        close(forms::p_norm_min(&y, k), number(&row["neg_pnorm"]), relative, 0.0, "neg_pnorm");
        close(forms::p_norm_min(&y, k) * spread, number(&row["neg_upper"]), relative, 0.0, "neg_upper");
        close(forms::p_mean(&y, k), number(&row["pmean"]), relative, 0.0, "pmean");
    }
    // The minimum is not above the harmonic mean; it lies between it and its n-th part.
    let harmonic_mean = 5.0 * forms::p_norm_min(&y, 1.0);
    close(harmonic_mean, number(&known["pnorm"]["harmonic_mean"]), FOUR_ULP, 0.0, "harmonic mean");
    let min = number(&known["pnorm"]["min"]);
    assert!(harmonic_mean / 5.0 <= min && min < harmonic_mean);
    assert!(text(&known["pnorm"]["note"]).contains("HM/n <= min <= HM"));

    for row in list(&known["l0_limit"]) {
        let sum = forms::power_sum(&numbers(&row["x"]), number(&row["p"]));
        close(sum, number(&row["sum_abs_p"]), FOUR_ULP, 0.0, "power sum");
    }
    for row in list(&known["sqrt2"]) {
        let value = forms::root_max(number(&row["x"]), number(&row["y"]), number(&row["eps"]));
        close(value, number(&row["val"]), FOUR_ULP, 0.0, "root max");
    }
}

pub(crate) fn gaps_are_sharp() {
    let known = known();
    let constants = &known["smooth"]["forms"]["constants"];
    close(KAPPA, number(&constants["kappa"]), FOUR_ULP, 0.0, "kappa");
    close(1.0 + KAPPA, number(&constants["t_star"]), FOUR_ULP, 0.0, "t*");
    close(forms::lambert_w((-1f64).exp()), KAPPA, FOUR_ULP, 0.0, "W(1/e)");
    close(GELU_GAP, number(&constants["gelu_sup"]), FOUR_ULP, 0.0, "gelu");
    close(std::f64::consts::LN_2, number(&constants["log2"]), 0.0, 0.0, "log 2");
    let t = number(&constants["gelu_t"]);
    close(-SmoothActivation::Gelu { alpha: 1.0 }.f(-t), GELU_GAP, FOUR_ULP, 0.0, "gelu at its worst");
    for row in list(&constants["boltz_gap"]) {
        let n = index(&row["n"]);
        close(forms::softmax_mean_gap(n, 1.0), number(&row["W"]), FOUR_ULP, 0.0, "W");
        close(forms::log_sum_exp_gap(n, 1.0), number(&row["logn"]), FOUR_ULP, 0.0, "log n");
    }
    for row in list(&known["smooth"]["forms"]["sup_dev"]) {
        let alpha = number(&row["alpha"]);
        // The table's maxima are taken on a grid, so they may miss the supremum by a little.
        let families = [
            (SmoothActivation::Softplus { alpha }, "softplus", 0.0),
            (SmoothActivation::Silu { alpha }, "silu", (1.0 + KAPPA) / alpha),
            (SmoothActivation::root_at(alpha), "sqrt", 0.0),
            (SmoothActivation::AbsTanh { alpha }, "xtanh", 0.5 * (1.0 + KAPPA) / alpha),
            (SmoothActivation::Gelu { alpha }, "gelu", t / alpha),
        ];
        for (f, name, worst_at) in families {
            let gap = f.sup_gap().unwrap();
            let theory = row.get(&format!("{name}_th")).map_or(gap, number);
            close(gap, theory, FOUR_ULP, 0.0, name);
            close(gap, number(&row[name]), 1e-8, 0.0, name);
            let limit = f.limit().unwrap();
            close((f.f(-worst_at) - limit.apply(-worst_at)).abs(), gap, 4.0 * FOUR_ULP, 0.0, "attained");
        }
        // f(x) - f(-x) = x to rounding, in the table and here.
        assert!(number(&row["odd_dev_softplus"]) < 1e-14 && number(&row["odd_dev_silu"]) < 1e-14);
        for f in [SmoothActivation::Softplus { alpha }, SmoothActivation::Silu { alpha }] {
            let worst = (-400..=400).map(|i| f64::from(i) * 0.05).map(|x| (f.f(x) - f.f(-x) - x).abs());
            assert!(worst.fold(0.0, f64::max) < 1e-14);
        }
    }
}

pub(crate) fn harmonics_match_the_table() {
    let known = known();
    let fourier = &known["smooth"]["fourier_graph"]["fourier"];
    all_close(&harmonics(SmoothActivation::Relu, 1.0, 24), &numbers(&fourier["relu"]), 1e-16, "relu");
    assert!(text(&fourier["note"]).contains("c_1=A/2"));
    for row in list(&fourier["table"]) {
        let (alpha, amplitude) = (number(&row["alpha"]), number(&row["A"]));
        let f = activation(text(&row["act"]), alpha);
        let c = harmonics(f, amplitude, 24);
        all_close(&c, &numbers(&row["c"]), 1e-14 * (1.0 + amplitude), &format!("{f} at {amplitude}"));
        // The stated identity of half-linear functions, on the full function and not only on its even part.
        let full = isotypic::analysis::overtones::by_trapezoid(|x| f.f(x), amplitude, 8192, 24);
        assert!((full[1] - 0.5 * amplitude).abs() < 1e-12);
        assert!(full.iter().skip(3).step_by(2).all(|odd| odd.abs() < 1e-12));
    }
}

pub(crate) fn harmonics_decay_at_the_predicted_rate() {
    for row in list(&known()["smooth"]["fourier_graph"]["decay"]) {
        let f = activation(text(&row["act"]), 1.0);
        let amplitude = number(&row["A"]);
        let (rate, _) = decay_law(f, amplitude).unwrap();
        close(rate, number(&row["theory"]), 1e-14, 0.0, "theory");
        let tolerance = if matches!(f, SmoothActivation::Root { .. }) { 1e-2 } else { 1e-4 };
        let measured = measured_decay(f, amplitude).unwrap();
        close(measured, rate, tolerance, 0.0, &format!("{f} at {amplitude}"));
        close(number(&row["measured_rate_per_harmonic"]), rate, tolerance, 0.0, "table");
        assert!(index(&row["nfit"]) >= 3);
    }
}

pub(crate) fn graphs_on_cycles_match_the_table() {
    for row in list(&known()["smooth"]["fourier_graph"]["graphs"]) {
        let n = index(&row["n"]);
        let f = activation(text(&row["act"]), row.get("alphaA").map_or(1.0, number));
        assert_eq!(row.get("A").map_or(1.0, number), 1.0, "amplitude");
        let weights = cyclic_weights(n, f, 1.0).unwrap();
        let tolerance = if f == SmoothActivation::Relu { 1e-8 } else { 1e-9 };
        for (i, (got, want)) in weights.iter().zip(rows(&row["W"])).enumerate() {
            all_close(got, &want, tolerance, &format!("{f} on C{n}, row {i}"));
        }
        // The support does not depend on the temperature.
        for i in 1..weights.len() {
            for j in 0..weights.len() {
                let reached = alpha_order(n, i, j).is_some();
                assert!(reached || weights[i][j] == 0.0, "{f} on C{n}: {i} -> {j}");
                assert!(!reached || alpha_order(n, i, j).unwrap().order > 7 || weights[i][j] > 1e-13);
            }
        }
    }
}

pub(crate) fn smoothing_filters_the_graph() {
    let known = known();
    let graph = &known["smooth"]["fourier_graph"];
    let predicted = list(&graph["alpha_filtration_pred"]);
    for row in predicted {
        let (n, i, j) = (index(&row["n"]), index(&row["i"]), index(&row["j"]));
        let edge = alpha_order(n, i, j);
        assert_eq!(edge.map(|e| e.order), row["alpha_order"].as_i64(), "C{n}: {i} -> {j}");
        assert_eq!(edge.map(|e| e.harmonic as u64), row["h"].as_u64());
    }
    let sizes: std::collections::BTreeSet<usize> = predicted.iter().map(|row| index(&row["n"])).collect();
    let edges = predicted.iter().filter(|row| !row["h"].is_null()).count();
    assert_eq!(sizes.iter().map(|&n| filtered_graph(n).len()).sum::<usize>(), edges);

    let softplus = SmoothActivation::Softplus { alpha: 1.0 };
    for (h, measured) in [(2, 0.99955), (4, 2.99892), (6, 4.99903)] {
        let slope = slope_between(softplus, h, 0.1, 0.05);
        close(slope, (h - 1) as f64, 0.0, 2e-3, "slope");
        close(slope, measured, 0.0, 1e-3, "slope");
    }
    close(slope_between(softplus, 8, 0.2, 0.1), 7.0, 0.0, 0.06, "slope of the eighth harmonic");
    for row in list(&graph["alpha_slopes_softplus"]) {
        let h = index(&row["h"]);
        close(softplus_overtone(0.01, 1.0, h / 2), number(&row["c_at_0p01"]), 1e-9, 0.0, "overtone");
        close(softplus_slope(h, 0.02, 0.01), number(&row["slope"]), 0.0, 1e-3, "slope");
        close(softplus_slope(h, 0.001, 0.0005), (h - 1) as f64, 0.0, 1e-5, "slope at very small alpha");
    }
    // Leading coefficients.
    let (alpha, a) = (1e-3, 1.7);
    close(softplus_overtone(alpha, a, 1), alpha * a * a / 16.0, 1e-5, 0.0, "c_2");
    close(softplus_overtone(alpha, a, 2), -alpha.powi(3) * a.powi(4) / 1536.0, 1e-5, 0.0, "c_4");
}

/// Kinds of groups and sets on which the theorem is tested: name of the table, group, set, label or dimension.
fn piece_of_case(case: &str) -> (GSet, usize) {
    let (group, piece) = case.split_once(':').unwrap();
    let group = Arc::new(PermutationGroup::parse(group).unwrap());
    let set = GSet::regular(&group).unwrap();
    let projectors = IsotypicProjectors::new(&set).unwrap();
    let wanted = |simple: &isotypic::representation::SimplePiece| match piece {
        "2d" => simple.dim == 2,
        "H" => simple.real_type == isotypic::representation::RealType::Quaternionic,
        frequency => simple.label == frequency[1..],
    };
    let found = projectors.pieces().iter().position(wanted).unwrap_or_else(|| panic!("no piece {case}"));
    (set, found)
}

pub(crate) fn half_of_the_identity_is_kept_where_minus_one_acts() {
    let options = HalfIdentityOptions { input_rms: 3.0, samples: 12, seed: 5 };
    for row in list(&known()["cross"]["half_identity"]) {
        let case = text(&row["case"]);
        let minus_one = row["has_minus_one"].as_bool().unwrap();
        let (set, piece) = piece_of_case(case);
        for (name, worst) in row["max_err"].as_object().unwrap() {
            let f = activation(name, 1.0);
            let measured = &half_identity(&set, f, options).unwrap()[piece];
            assert_eq!(measured.has_minus_one, minus_one, "{case}");
            if minus_one {
                assert!(number(worst) < 1e-13 && measured.deviation < 1e-13, "{case} {f} {measured:?}");
                assert!(measured.forbidden_even_part < 1e-13, "{case} {f}");
            } else {
                assert!(number(worst) > 1e-2 && measured.deviation > 1e-2, "{case} {f}: {measured:?}");
            }
        }
        // The negative control is not half-linear: nothing holds, with or without -1.
        let control = &half_identity(&set, SmoothActivation::Tanh, options).unwrap()[piece];
        assert!(control.deviation > 1e-2, "{case} tanh");
    }
}

#[test]
fn gates_that_break_half_linearity_break_the_half_identity() {
    let (set, piece) = piece_of_case("C8:L1");
    let projectors = IsotypicProjectors::new(&set).unwrap();
    let u = DVector::from_fn(8, |s, _| (std::f64::consts::TAU * s as f64 / 8.0 + 0.3).cos());
    let deviation = |gate: gate::Gate| {
        let image = projectors.matrix(piece) * u.map(|x| gate.activation(2.0, x));
        (image - 0.5 * &u).amax()
    };
    assert!(deviation(gate::Gate::Algebraic) < 1e-13 && deviation(gate::Gate::Arctan) < 1e-13);
    assert!(deviation(gate::Gate::Mish) > 1e-2 && deviation(gate::Gate::LogisticPower(2.0)) > 1e-2);
}

pub(crate) fn leakage_by_depth_matches_the_table() {
    let known = known();
    let table = &known["smooth"]["leakage"];
    assert_eq!(
        list(&table["fields"]).iter().map(text).collect::<Vec<_>>(),
        ["frac_freq1", "frac_freq_ge9", "centroid"]
    );
    let options = LeakageOptions {
        points: index(&table["N"]),
        layers: index(&table["layers"]),
        samples: index(&table["S"]),
        high: 9,
        seed: 11,
    };
    for (name, want) in table["res"].as_object().unwrap() {
        let f = activation(name, 1.0);
        let got = leakage(f, options, &mut |_, _| {}).unwrap();
        let want = rows(want);
        // One layer is deterministic up to aliasing; deeper ones are means over 400 random filters in both programs.
        close(got[0].fraction_first, want[0][0], 1e-3, 1e-12, name);
        for (row, want) in got.iter().zip(&want) {
            close(row.fraction_first, want[0], 0.06, 1e-3, &format!("{name}, layer {}", row.layer));
            close(row.centroid, want[2], 0.06, 0.0, &format!("{name}, layer {}", row.layer));
        }
        let (measured, wanted) = (got[5].fraction_high, want[5][1]);
        // The energy far out is carried by few samples: a factor of 2 is what 400 of them allow.
        assert!(measured < 2.0 * wanted && wanted < 2.0 * measured, "{name}: {measured:e} {wanted:e}");
    }
    let relu = leakage(SmoothActivation::Relu, options, &mut |_, _| {}).unwrap();
    let predicted = 0.125 / (0.25 - std::f64::consts::PI.powi(-2));
    close(relu[0].fraction_first, predicted, 1e-3, 0.0, "one ReLU layer");
    let smooth = leakage(SmoothActivation::Softplus { alpha: 1.0 }, options, &mut |_, _| {}).unwrap();
    assert!(relu[5].fraction_high > 0.03 && smooth[5].fraction_high < 1e-5);
}

pub(crate) fn sampling_errors_match_the_table() {
    let known = known();
    let table = list(&known["smooth"]["alias_cert"]["alias"]);
    for row in table {
        let f = activation(text(&row["act"]), 1.0);
        let (samples, band) = (index(&row["N"]), index(&row["K"]));
        let error = sampling_error(f, number(&row["A"]), band, samples);
        close(error, number(&row["err"]), 1e-4, 1e-15, &format!("{f} at {samples}"));
    }
    // Going from 32 to 64 samples: e^(32 asinh(pi / 8)) times 2 from the factor 1/m, for softplus at alpha A = 8.
    let f = SmoothActivation::Softplus { alpha: 4.0 };
    let ratio = sampling_error(f, 2.0, 3, 32) / sampling_error(f, 2.0, 3, 64);
    assert!((4.0e5..4.8e5).contains(&ratio), "{ratio}");

    for (f, scale, tolerance) in [
        (SmoothActivation::Relu, 1.0, 1e-4),
        (f, 8.0, 1e-6),
        (SmoothActivation::Silu { alpha: 1.0 }, 2.0, 1e-9),
    ] {
        let n = samples_for_tolerance(f, scale, 3, tolerance).unwrap();
        assert!(sampling_error(f.at(scale), 1.0, 3, n) <= tolerance);
        assert!(sampling_error(f.at(scale), 1.0, 3, n - 2) > tolerance);
    }
    assert!(samples_for_tolerance(SmoothActivation::Relu, 1.0, 3, 1e-12).is_err());
}

/// A chain of circular convolutions on 8 points: `filters[layer][out][in][tap]`.
fn convolution_network(table: &Entry) -> Network {
    let n = 8;
    let layers = list(&table["filters"])
        .iter()
        .zip(numbers(&table["bias"]))
        .map(|(filter, bias)| {
            let taps: Vec<Vec<Vec<f64>>> = list(filter).iter().map(rows).collect();
            let mut weights = DMatrix::zeros(taps.len() * n, taps[0].len() * n);
            for (out, from) in taps.iter().enumerate() {
                for (channel, taps) in from.iter().enumerate() {
                    for s in 0..n {
                        for (d, tap) in taps.iter().enumerate() {
                            weights[(out * n + s, channel * n + (s + d) % n)] += tap;
                        }
                    }
                }
            }
            let outputs = weights.nrows();
            AffineLayer::new(weights, DVector::from_element(outputs, bias)).unwrap()
        })
        .collect::<Vec<_>>();
    Network::new(layers, vec![Activation::Relu; 2]).unwrap()
}

pub(crate) fn deviation_certificates_hold() {
    let known = known();
    let table = &known["smooth"]["alias_cert"]["cert"];
    let network = convolution_network(table);
    let x = numbers(&table["x"]);
    all_close(&network.evaluate(&x), &numbers(&table["y_relu"]), 1e-12, "relu");
    for (name, f) in [
        ("y_softplus4", SmoothActivation::Softplus { alpha: 4.0 }),
        ("y_silu4", SmoothActivation::Silu { alpha: 4.0 }),
        ("y_sqrt4", SmoothActivation::root_at(4.0)),
    ] {
        all_close(&evaluate_smooth(&network, f, &x), &numbers(&table[name]), 1e-12, name);
    }
    let mut generator = SplitMix(9);
    let inputs: Vec<Vec<f64>> =
        (0..1000).map(|_| (0..8).map(|_| 2.0 * generator.normal()).collect()).collect();
    for row in list(&table["rows"]) {
        let f = activation(text(&row["act"]), number(&row["alpha"]));
        let certificate = deviation_certificate(&network, f).unwrap();
        all_close(&certificate.norms, &numbers(&table["norms"]), 1e-12, "norms");
        close(certificate.bound, number(&row["bound"]), 1e-12, 0.0, "bound");
        let measured = measured_deviation(&network, f, &inputs).unwrap();
        assert!(measured <= certificate.bound && number(&row["measured"]) <= certificate.bound);
        assert!(measured > 0.1 * certificate.bound, "the bound of {f} is of the right size: {measured}");
        assert!(number(&row["ratio"]) <= 0.418);
    }
    // The smooth network is as equivariant as the sharp one.
    assert_eq!(number(&table["equiv_err"]), 0.0);
    let mut turned = x.clone();
    turned.rotate_right(1);
    let mut want = evaluate_smooth(&network, SmoothActivation::Silu { alpha: 4.0 }, &x);
    want.rotate_right(1);
    let got = evaluate_smooth(&network, SmoothActivation::Silu { alpha: 4.0 }, &turned);
    all_close(&got, &want, 1e-14, "equivariance");
    // A ReLU network has no certificate for a smooth |x| or for tanh.
    assert!(deviation_certificate(&network, SmoothActivation::AbsTanh { alpha: 1.0 }).is_err());
    assert!(deviation_certificate(&network, SmoothActivation::Tanh).is_err());
}

#[test]
fn no_form_overflows() {
    for alpha in [1e-3, 0.1, 1.0, 20.0, 1000.0] {
        for f in ["softplus", "silu", "gelu", "root", "abs-tanh", "abs-logcosh", "abs-root"] {
            let f = SmoothActivation::parse(f).unwrap().at(alpha);
            let gap = f.sup_gap().unwrap();
            for x in [-1000.0, -1.0, -0.0, 0.0, 1.0, 1000.0] {
                assert!(
                    f.f(x).is_finite() && f.df(x).is_finite() && f.even_part(x).is_finite(),
                    "{f} at {x}"
                );
                assert!((f.f(x) - f.limit().unwrap().apply(x)).abs() <= gap * (1.0 + 1e-12), "{f} at {x}");
            }
        }
        for x in [[-1000.0, 1000.0, 0.0], [1000.0; 3], [-1000.0; 3]] {
            let max = x.iter().copied().fold(f64::MIN, f64::max);
            for sign in [1.0, -1.0] {
                let a = sign * alpha;
                let values = [
                    forms::log_sum_exp(&x, a),
                    forms::mean_log_sum_exp(&x, a),
                    forms::softmax_mean(&x, a),
                    forms::soft_min(&x, alpha),
                    forms::softmax_entropy(&x, a),
                ];
                assert!(values.iter().all(|v| v.is_finite()), "{x:?} at {a}: {values:?}");
                assert!(forms::softmax_mean_gradient(&x, a).iter().all(|v| v.is_finite()));
            }
            let soft = forms::log_sum_exp(&x, alpha);
            assert!(soft >= max && soft <= max + forms::log_sum_exp_gap(3, alpha) + 1e-9);
        }
        // Powers of 1000 up to the 1000th.
        let norm = forms::p_norm(&[1000.0, 1000.0, 1e-3], alpha);
        assert!(norm.is_finite() || alpha < 0.1, "{norm} at {alpha}");
    }
}

#[test]
fn the_half_identity_holds_on_every_piece_with_a_minus_one() {
    let options = HalfIdentityOptions { input_rms: 3.0, samples: 6, seed: 8 };
    let (mut with, mut without) = (0, 0);
    for name in ["C6", "C7", "C8", "C12", "D3", "D4", "Q8"] {
        let set = GSet::regular(&Arc::new(PermutationGroup::parse(name).unwrap())).unwrap();
        for f in ["relu", "softplus:0.1", "softplus:2", "silu:2", "gelu:5", "root:0.3"] {
            for row in half_identity(&set, SmoothActivation::parse(f).unwrap(), options).unwrap() {
                if row.has_minus_one {
                    let worst = row.deviation.max(row.forbidden_even_part);
                    assert!(worst < 1e-13 * options.input_rms, "{name} {f}: {row:?}");
                    with += 1;
                } else {
                    // Very smooth activations hardly reach back: on C_7 by the sixth harmonic, of order 5.
                    assert!(
                        row.deviation > if f == "softplus:0.1" { 1e-10 } else { 1e-2 },
                        "{name} {f}: {row:?}"
                    );
                    without += 1;
                }
            }
        }
    }
    assert!(with > 60 && without > 60, "{with} {without}");
}

#[test]
fn the_edge_into_the_mean_is_the_strongest_of_relu_and_centring_deletes_it() {
    let weights = cyclic_weights(64, SmoothActivation::Relu, 1.0).unwrap();
    close(weights[1][1], 0.125f64.sqrt(), 1e-12, 0.0, "loop");
    close(weights[1][0], std::f64::consts::FRAC_1_PI, 1e-4, 0.0, "edge into the mean");
    let strongest = (2..33).map(|j| weights[1][j]).fold(0.0, f64::max);
    assert!(weights[1][0] > 2.0 * strongest);
    // Batch normalisation over the points of an orbit removes the invariant part of the image.
    let wave: Vec<f64> =
        (0..64).map(|s| (std::f64::consts::TAU * f64::from(s) / 64.0 + 0.4).cos().max(0.0)).collect();
    let normalized =
        isotypic::analysis::teacher::BatchNormalization::uniform(&wave, 1e-5, 1.0, 0.0).unwrap().output();
    close(normalized.iter().sum::<f64>() / 64.0, 0.0, 0.0, 1e-13, "mean");
}
