//! Networks on which forms must work, with their symmetry.

use crate::support::{Folder, json};
use isotypic::num::{Rational, exact};
use isotypic::polyhedral::Domain;
use isotypic::shallow::{Options, OrbitForm, checker};
use std::path::Path;

/// Networks with up to five inputs; those with more regions are left to the test of all.
const MOST_REGIONS: u64 = if cfg!(debug_assertions) { 700 } else { 20_000 };

fn network_files() -> Vec<String> {
    let folder = format!("{}/data/nets", env!("CARGO_MANIFEST_DIR"));
    let mut files: Vec<String> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path().display().to_string()).collect();
    files.sort();
    files
}

/// Builds and checks the forms of all networks with at most five inputs and so many regions; returns how many.
fn verify_networks(most_regions: u64) -> usize {
    let mut verified = 0;
    for file in network_files() {
        let network = isotypic::io::read_network(Path::new(&file)).unwrap();
        if network.inputs() > 5 {
            continue;
        }
        let mut options = Options::default();
        options.enumeration.max_regions = Some(most_regions);
        let Ok(form) = OrbitForm::from_network(&network, &Domain::WholeSpace, &Default::default(), &options)
        else {
            continue;
        };
        let certificate = checker::check(&form, &network);
        assert!(certificate.ok(), "{file}: {certificate:?}");
        verified += 1;
    }
    verified
}

#[test]
fn small_networks_verify_on_the_whole_space() {
    assert!(verify_networks(MOST_REGIONS) >= if cfg!(debug_assertions) { 20 } else { 40 });
}

#[test]
#[ignore = "four minutes in a release build: hundreds of thousands of regions"]
fn all_networks_verify_on_the_whole_space() {
    let all = network_files();
    let low = all.iter().filter(|file| isotypic::io::read_network(Path::new(file)).unwrap().inputs() <= 5);
    assert_eq!(verify_networks(u64::MAX), low.count());
}

#[test]
#[cfg_attr(debug_assertions, ignore = "minutes in an unoptimised build: 38544 orbits")]
fn the_six_season_network_verifies_on_the_whole_space() {
    let form = json(&["shallow", "data/elnino_c6.onnx", "--group", "C6"]);
    assert_eq!((&form["regions"], &form["orbits"]), (&"230822".into(), &"38544".into()));
    assert_eq!(form["verified"], true);
}

/// Twelve months on the part of the box that a three-dimensional slice through it cuts out.
#[test]
fn the_months_verify_on_a_slice_of_the_box() {
    let network = isotypic::io::read_network(Path::new("data/elnino_c12.onnx")).unwrap();
    let wave = |j: usize, k: usize| {
        let angle = std::f64::consts::TAU * (j * k) as f64 / 12.0;
        exact(angle.cos()).unwrap()
    };
    // Input j is 1/8 + u cos(j) + v cos(2j) + w cos(5j).
    let embedding: Vec<Vec<Rational>> =
        (0..12).map(|j| vec![wave(j, 1), wave(j, 2), wave(j, 5), exact(0.125).unwrap()]).collect();
    let side = |row: &Vec<Rational>, sign: i32| -> Vec<Rational> {
        let mut row: Vec<Rational> = row.iter().map(|entry| entry * Rational::from(sign)).collect();
        row[3] += Rational::ONE;
        row
    };
    let rows = embedding.iter().flat_map(|row| [side(row, 1), side(row, -1)]).collect();
    let form =
        OrbitForm::from_slice(&network, &embedding, &Domain::Polytope(rows), &Options::default()).unwrap();
    assert!(form.regions() > 10);
    let certificate = checker::check(&form, &network);
    assert!(certificate.ok(), "{certificate:?}");
}

#[test]
fn the_point_clouds_are_stored_once_per_orbit() {
    let form = json(&["shallow", "data/digits_points_s3.onnx", "--group", "S3", "--on", "points*2"]);
    assert_eq!((&form["regions"], &form["orbits"]), (&"1407".into(), &"296".into()));
    assert_eq!((&form["verified"], &form["equivariant"]), (&true.into(), &true.into()));
}

#[test]
fn four_points_are_stored_once_per_orbit() {
    let form = json(&["shallow", "data/digits_points_s4.onnx", "--group", "S4", "--on", "points*2"]);
    assert_eq!((&form["regions"], &form["orbits"]), (&"14520".into(), &"938".into()));
    assert_eq!(form["verified"], true);
}

#[test]
#[cfg_attr(
    debug_assertions,
    ignore = "many minutes in an unoptimised build: 49032 orbits of 3589062 regions"
)]
fn five_points_are_stored_once_per_orbit() {
    let form = json(&["shallow", "data/digits_points_s5.onnx", "--group", "S5", "--on", "points*2"]);
    assert_eq!((&form["regions"], &form["orbits"]), (&"3589062".into(), &"49032".into()));
    assert_eq!(form["verified"], true);
}

/// Around one image on the plane through three: strips of a convolutional network, whose regions have 768 inequalities each.
#[test]
fn the_torus_network_verifies_on_a_plane() {
    let folder = Folder::new();
    let images = first_images(3);
    let plane = format!("plane:{}", folder.file("plane.csv", images.join("\n")));
    let near = format!("near:{},1", folder.file("image.csv", &images[0]));
    let form = json(&["shallow", "data/digits_torus8.onnx", "--domain", &plane, "--domain", &near]);
    assert_eq!((&form["regions"], &form["verified"]), (&"309".into(), &true.into()));
}

/// The pixels of the first images of the data, without their labels.
fn first_images(count: usize) -> Vec<String> {
    let digits = std::fs::read_to_string("data/digits.csv").unwrap();
    let pixels = |line: &str| line.split(',').take(64).collect::<Vec<_>>().join(",");
    let numbers = digits.lines().filter(|line| line.starts_with(|c: char| c.is_ascii_digit()));
    numbers.take(count).map(pixels).collect()
}

/// From one image to another, through a convolutional network of 64 inputs.
#[test]
fn the_torus_network_verifies_on_a_segment() {
    let folder = Folder::new();
    let file = folder.file("ends.csv", first_images(2).join("\n"));
    let form = json(&["shallow", "data/digits_torus8.onnx", "--domain", &format!("segment:{file}")]);
    assert_eq!(form["verified"], true);
    assert!(form["regions"].as_str().unwrap().parse::<usize>().unwrap() > 2);
}

/// The same twelve months through the command line: a slice through four years, cut to the box.
#[test]
fn a_slice_of_the_box_is_verified_from_the_command_line() {
    let folder = Folder::new();
    let years = std::fs::read_to_string("data/elnino_c12.csv").unwrap();
    let four: Vec<&str> = years
        .lines()
        .filter(|line| line.starts_with(|c: char| c == '-' || c.is_ascii_digit()))
        .take(4)
        .collect();
    let (slice, file) = (folder.file("years.csv", four.join("\n")), folder.path("months.safetensors"));
    let network = "data/elnino_c12.onnx";
    let domain = format!("slice:{slice}");
    let form = json(&["shallow", network, "--domain", &domain, "--domain", "box:-1,1", "-o", &file]);
    assert_eq!(form["verified"], true);
    assert_eq!(json(&["verify", &file, network])["ok"], true);
}
