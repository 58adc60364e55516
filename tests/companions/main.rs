//! The three companion theories (smooth activations, reversibility, teacher and student) against a table of values
//! computed elsewhere. Every entry of the table is read by some check, and a test says so.
//!
//! What must hold, how closely, and where it is tested:
//!
//! | | statement | threshold | test |
//! |---|---|---|---|
//! | smooth 1 | scalar and vector forms; finite at +-1000 | 4 last places (softmax: times its exponent; its mean's gradient: 1e-14 (1 + alpha)) | `scalar_functions_...`, `vector_forms_...`, `no_form_overflows` |
//! | smooth 2 | graphs on C_7, C_8, C_12 | 1e-9, ReLU 1e-8 | `graphs_on_cycles_match_the_table` |
//! | smooth 3 | slopes 1, 3, 5 in the temperature; 7 | 2e-3; 0.06 | `smoothing_filters_the_graph` |
//! | smooth 4 | decay of harmonics: softplus and SiLU; root form | 1e-4; 1 % | `harmonics_decay_at_the_predicted_rate` |
//! | smooth 5 | half-identity with -1, inputs of size 3; failure without, and for tanh | 1e-13; above 1e-2 | `half_of_the_identity_...` |
//! | smooth 6 | deviation / certificate | at most 1 | `deviation_certificates_hold` |
//! | reverse 1 | small layers from their seeds | 1e-12 | `a_small_independent_layer_...`, `a_small_circulant_layer_...` |
//! | reverse 2 | mean linear error over 2000 trials / exact | 5 % | `the_linear_error_is_exact_in_the_mean` |
//! | reverse 3 | exponent of t | -0.50 +- 0.05 | `errors_scale_with_the_root_of_k_over_t` |
//! | reverse 4 | isotypic law, 20 cases | 4 standard errors | `the_isotypic_law_holds_in_twenty_cases` |
//! | reverse 5 | median error, circulant / independent | 0.85 to 1.15 | `convolutions_reverse_as_well_...` |
//! | reverse 6 | centring factor 1 - rho / pi; tanh is biased | 0.02 | `half_linear_activations_reverse_without_bias` |
//! | teacher 1 | lossless tree; F and G~ of the lossy leaf; its dW off by 0.638 | 1e-12; 1e-11; 1e-3 | `the_trees_of_the_table_are_reproduced` |
//! | teacher 2 | batch normalisation with eps and weights; plain inner product fails | 1e-12; 0.76 | `batch_normalisation_...`, `weighted_normalisation_...` |
//! | teacher 3 | linear loss 1, 4, 11; ReLU 0 | 1e-9 | `one_relu_layer_does_what_no_linear_layer_can` |
//! | teacher 4 | disentangled stays so; W or P wrong, centring missing | 1e-12; above 0.1 | `disentangled_activations_...` |
//! | teacher 5 | spread along orbits; each hypothesis needed | 1e-12; above 0.02 | `orbits_are_reduced_...` |
//! | teacher 6 | shared student, twice the width, 200 samples | 95 % of channels above 0.95 | `shared_students_...` |

mod known;
mod reverse;
mod smooth;
mod teacher;

/// Makes a test of each check. Each runs once in the process, in its own test or in the test of completeness, whichever
/// comes first: so filters, orders and numbers of threads do not matter.
macro_rules! checks {
    ($($module:ident :: $name:ident),* $(,)?) => {
        $(
            mod $name {
                static ONCE: std::sync::Once = std::sync::Once::new();

                pub(crate) fn run() {
                    ONCE.call_once(crate::$module::$name);
                }
            }

            #[test]
            fn $name() {
                $name::run();
            }
        )*

        #[test]
        fn every_entry_of_the_table_is_read() {
            $($name::run();)*
            let unread = known::known().unread();
            assert!(unread.is_empty(), "entries that no check reads: {unread:#?}");
        }
    };
}

checks! {
    smooth::the_table_is_the_one_that_these_tests_know,
    smooth::scalar_functions_are_right_to_the_last_digits,
    smooth::vector_forms_are_right_to_the_last_digits,
    smooth::gaps_are_sharp,
    smooth::harmonics_match_the_table,
    smooth::harmonics_decay_at_the_predicted_rate,
    smooth::graphs_on_cycles_match_the_table,
    smooth::smoothing_filters_the_graph,
    smooth::half_of_the_identity_is_kept_where_minus_one_acts,
    smooth::leakage_by_depth_matches_the_table,
    smooth::sampling_errors_match_the_table,
    smooth::deviation_certificates_hold,
    reverse::a_small_independent_layer_is_reproduced_from_its_seed,
    reverse::a_small_circulant_layer_is_reproduced_from_its_seed,
    reverse::the_linear_error_is_exact_in_the_mean,
    reverse::laws_and_measurements_agree_on_the_grid,
    reverse::dense_codes_dropping_and_moments_obey_their_laws,
    reverse::errors_scale_with_the_root_of_k_over_t,
    reverse::two_layers_find_the_support,
    reverse::convolutions_reverse_as_well_as_independent_weights,
    reverse::spectra_of_random_layers_fill_the_interval_of_marchenko_and_pastur,
    reverse::the_isotypic_law_holds_in_twenty_cases,
    reverse::half_linear_activations_reverse_without_bias,
    reverse::networks_are_reversed_equivariantly,
    reverse::regenerated_inputs_are_an_option_without_a_claim,
    teacher::conditional_means_obey_the_tower_property,
    teacher::the_trees_of_the_table_are_reproduced,
    teacher::each_kind_of_tree_fails_where_its_condition_fails,
    teacher::batch_normalisation_is_a_projection,
    teacher::weighted_normalisation_is_orthogonal_for_its_own_inner_product,
    teacher::one_relu_layer_does_what_no_linear_layer_can,
    teacher::vertices_survive_maps_of_full_rank,
    teacher::disentangled_activations_stay_so_and_updates_stay_separable,
    teacher::orbits_are_reduced_if_and_only_if_everything_is_invariant,
    teacher::the_linear_loss_splits_by_simple_piece,
    teacher::shared_students_specialise_on_few_samples,
    teacher::invariant_outputs_determine_channels_modulo_shifts_only,
}
