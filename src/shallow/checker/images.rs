//! The images of stored regions and rows under the group.

use super::Outcome;
use crate::group::Permutation;
use crate::num::Rational;
use crate::shallow::orbit_form::OrbitForm;
use crate::shallow::symmetry::LayerPermutation;
use std::collections::HashMap;

/// All regions, each as the image of a stored one, and all half-spaces.
pub(super) struct Images {
    regions: Vec<Image>,
    by_pattern: HashMap<Vec<bool>, usize>,
    rows: Vec<Vec<Rational>>,
    row_index: HashMap<Vec<Rational>, usize>,
}

/// The image of a stored region: input `i` of the stored one is input `input[i]` here, and so on.
pub(super) struct Image {
    pub(super) orbit: usize,
    pattern: Vec<bool>,
    input: Vec<usize>,
    output: Vec<usize>,
}

fn compose(p: &Permutation, images: &[usize]) -> Vec<usize> {
    images.iter().map(|&image| p.apply(image)).collect()
}

fn move_bits(generator: &LayerPermutation, pattern: &[bool]) -> Vec<bool> {
    let mut image = pattern.to_vec();
    let mut first = 0;
    for layer in &generator.hidden {
        (0..layer.degree()).for_each(|i| image[first + layer.apply(i)] = pattern[first + i]);
        first += layer.degree();
    }
    image
}

fn move_row(generator: &LayerPermutation, row: &[Rational]) -> Vec<Rational> {
    let mut image = row.to_vec();
    (0..generator.input.degree()).for_each(|i| image[generator.input.apply(i)] = row[i].clone());
    image
}

impl Images {
    /// Follows the generators from every stored region and row.
    pub(super) fn new(form: &OrbitForm) -> Result<(Self, String), String> {
        let mut images = Images {
            regions: Vec::new(),
            by_pattern: HashMap::new(),
            rows: Vec::new(),
            row_index: HashMap::new(),
        };
        for (number, orbit) in form.orbits().iter().enumerate() {
            let first = images.regions.len();
            let pattern: Vec<bool> =
                (0..orbit.pattern.neurons()).map(|neuron| orbit.pattern.is_active(neuron)).collect();
            let (input, output) = ((0..form.inputs()).collect(), (0..form.outputs()).collect());
            images.add(Image { orbit: number, pattern, input, output })?;
            let mut at = first;
            while at < images.regions.len() {
                for generator in &form.symmetry().generators {
                    let here = &images.regions[at];
                    let pattern = move_bits(generator, &here.pattern);
                    match images.by_pattern.get(&pattern) {
                        Some(&known) if known >= first => {}
                        Some(_) => {
                            return Err(format!("two orbits share the image of region {}", orbit.pattern));
                        }
                        None => {
                            let input = compose(&generator.input, &here.input);
                            let output = compose(&generator.output, &here.output);
                            images.add(Image { orbit: number, pattern, input, output })?;
                        }
                    }
                }
                at += 1;
            }
            if images.regions.len() - first != orbit.size {
                return Err(format!("the orbit of region {} has another size", orbit.pattern));
            }
        }
        for row in form.rows() {
            images.add_row(row.iter().cloned().map(Rational::from).collect());
        }
        let mut at = 0;
        while at < images.rows.len() {
            for generator in &form.symmetry().generators {
                images.add_row(move_row(generator, &images.rows[at]));
            }
            at += 1;
        }
        let found = format!(
            "{} regions in {} orbits, {} half-spaces",
            images.regions.len(),
            form.orbits().len(),
            images.rows.len()
        );
        Ok((images, found))
    }

    fn add(&mut self, image: Image) -> Result<(), String> {
        if self.by_pattern.insert(image.pattern.clone(), self.regions.len()).is_some() {
            return Err("two stored regions have one pattern or are images of each other".into());
        }
        self.regions.push(image);
        Ok(())
    }

    fn add_row(&mut self, row: Vec<Rational>) {
        let next = self.rows.len();
        if *self.row_index.entry(row.clone()).or_insert(next) == next {
            self.rows.push(row);
        }
    }

    pub(super) fn rows(&self) -> &[Vec<Rational>] {
        &self.rows
    }

    pub(super) fn regions(&self) -> &[Image] {
        &self.regions
    }

    pub(super) fn find(&self, pattern: &[bool]) -> Option<usize> {
        self.by_pattern.get(pattern).copied()
    }

    /// Whether a region has a facet with the given outward row.
    pub(super) fn has_row(&self, form: &OrbitForm, region: usize, row: &[Rational]) -> bool {
        let image = &self.regions[region];
        let pulled = image.pull_back(row);
        form.orbits()[image.orbit].facets.iter().any(|facet| {
            form.rows()[facet.row].iter().zip(&pulled).all(|(a, b)| Rational::from(a.clone()) == *b)
        })
    }

    /// Generators permute rows and regions, rows of regions go to rows of their images, and the permutation of a product
    /// is the product of the permutations.
    pub(super) fn permutations(&self, form: &OrbitForm) -> Outcome {
        let generators = &form.symmetry().generators;
        let mut tables = Vec::new();
        for generator in generators {
            let table =
                self.induced(generator).ok_or("a generator does not permute the regions and half-spaces")?;
            for (region, &image) in table.0.iter().enumerate() {
                let stored = &form.orbits()[self.regions[region].orbit];
                let sound = stored.facets.iter().all(|facet| {
                    let row: Vec<Rational> =
                        form.rows()[facet.row].iter().cloned().map(Rational::from).collect();
                    let here = self.regions[region].push_forward(&row);
                    self.has_row(form, image, &move_row(generator, &here))
                });
                if !sound {
                    return Err("a generator takes a region to one with other half-spaces".into());
                }
            }
            tables.push(table);
        }
        for (a, of_a) in generators.iter().zip(&tables) {
            for (b, of_b) in generators.iter().zip(&tables) {
                let product = LayerPermutation {
                    input: &a.input * &b.input,
                    hidden: a.hidden.iter().zip(&b.hidden).map(|(p, q)| p * q).collect(),
                    output: &a.output * &b.output,
                };
                let direct = self.induced(&product).ok_or("a product does not permute the regions")?;
                let composed = |x: &[usize], y: &[usize]| -> Vec<usize> { y.iter().map(|&i| x[i]).collect() };
                if direct != (composed(&of_a.0, &of_b.0), composed(&of_a.1, &of_b.1)) {
                    return Err("a product of generators does not permute as the product".into());
                }
            }
        }
        Ok(format!("generators: {}; each permutes {} regions", generators.len(), self.regions.len()))
    }

    /// The permutations of regions and rows.
    fn induced(&self, generator: &LayerPermutation) -> Option<(Vec<usize>, Vec<usize>)> {
        let regions = self.regions.iter().map(|image| self.find(&move_bits(generator, &image.pattern)));
        let rows = self.rows.iter().map(|row| self.row_index.get(&move_row(generator, row)).copied());
        Some((permutation(regions.collect::<Option<_>>()?)?, permutation(rows.collect::<Option<_>>()?)?))
    }
}

fn permutation(images: Vec<usize>) -> Option<Vec<usize>> {
    let mut sorted = images.clone();
    sorted.sort_unstable();
    sorted.iter().enumerate().all(|(i, &image)| i == image).then_some(images)
}

impl Image {
    /// The vector of the stored region that goes to the given one; a constant at the end stays.
    pub(super) fn pull_back<T: Clone>(&self, vector: &[T]) -> Vec<T> {
        let mut stored = vector.to_vec();
        self.input.iter().enumerate().for_each(|(i, &image)| stored[i] = vector[image].clone());
        stored
    }

    fn push_forward(&self, vector: &[Rational]) -> Vec<Rational> {
        let mut here = vector.to_vec();
        self.input.iter().enumerate().for_each(|(i, &image)| here[image] = vector[i].clone());
        here
    }

    /// The outputs here from those of the stored region.
    pub(super) fn outputs(&self, stored: &[Rational]) -> Vec<Rational> {
        let mut here = stored.to_vec();
        self.output.iter().enumerate().for_each(|(i, &image)| here[image] = stored[i].clone());
        here
    }
}
