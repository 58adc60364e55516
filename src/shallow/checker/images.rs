//! The images of stored regions and rows under the group.

use super::Outcome;
use crate::num::Integer;
use crate::polyhedral::ActivationPattern;
use crate::shallow::orbit_form::OrbitForm;
use crate::shallow::symmetry::LayerPermutation;
use std::collections::HashMap;

/// All regions, each as the image of a stored one under a group element, and all half-spaces.
pub(super) struct Images<'a> {
    form: &'a OrbitForm,
    elements: Vec<Element>,
    regions: Vec<Image>,
    by_pattern: HashMap<ActivationPattern, u32>,
    rows: Vec<Vec<Integer>>,
    row_index: HashMap<Vec<Integer>, u32>,
    /// For each generator where it takes the rows.
    moved_rows: Vec<Vec<u32>>,
    /// For each generator where it takes the regions.
    moved_regions: Vec<Vec<u32>>,
    /// Whether the rows of every region go to those of its image.
    rows_follow: bool,
}

/// A region as the image of a stored one.
pub(super) struct Image {
    pub(super) orbit: u32,
    pub(super) element: u32,
}

/// A product of generators: input `i` of a stored region is input `input[i]` of its image, and so on; neurons are numbered
/// over all layers.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct Element {
    input: Vec<u32>,
    hidden: Vec<u32>,
    output: Vec<u32>,
}

impl Element {
    fn of(permutation: &LayerPermutation) -> Self {
        let mut hidden = Vec::new();
        for layer in &permutation.hidden {
            let first = hidden.len() as u32;
            hidden.extend(layer.images().iter().map(|image| first + image));
        }
        Element {
            input: permutation.input.images().to_vec(),
            hidden,
            output: permutation.output.images().to_vec(),
        }
    }

    fn identity(form: &OrbitForm) -> Self {
        let identity = |n: usize| (0..n as u32).collect();
        let neurons = form.hidden().iter().sum();
        Element {
            input: identity(form.inputs()),
            hidden: identity(neurons),
            output: identity(form.outputs()),
        }
    }

    /// First `first`, then `self`.
    fn after(&self, first: &Element) -> Element {
        let compose =
            |p: &[u32], q: &[u32]| -> Vec<u32> { q.iter().map(|&image| p[image as usize]).collect() };
        Element {
            input: compose(&self.input, &first.input),
            hidden: compose(&self.hidden, &first.hidden),
            output: compose(&self.output, &first.output),
        }
    }

    fn move_pattern(&self, pattern: &ActivationPattern) -> ActivationPattern {
        let mut image = ActivationPattern::inactive(self.hidden.len());
        pattern.active().for_each(|neuron| image.set(self.hidden[neuron] as usize, true));
        image
    }

    /// The image of a vector of inputs; a constant at the end stays.
    pub(super) fn push_forward<T: Clone>(&self, vector: &[T]) -> Vec<T> {
        moved(&self.input, vector)
    }

    /// The vector of inputs that goes to the given one; a constant at the end stays.
    pub(super) fn pull_back<T: Clone>(&self, vector: &[T]) -> Vec<T> {
        let mut stored = vector.to_vec();
        self.input.iter().enumerate().for_each(|(i, &image)| stored[i] = vector[image as usize].clone());
        stored
    }

    /// The outputs of the image from those of the stored region.
    pub(super) fn outputs<T: Clone>(&self, stored: &[T]) -> Vec<T> {
        moved(&self.output, stored)
    }
}

fn moved<T: Clone>(images: &[u32], vector: &[T]) -> Vec<T> {
    let mut moved = vector.to_vec();
    images.iter().zip(vector).for_each(|(&image, entry)| moved[image as usize] = entry.clone());
    moved
}

/// The elements that were met, and their products with generators.
struct Products {
    generators: Vec<Element>,
    elements: Vec<Element>,
    index: HashMap<Element, u32>,
    known: HashMap<(u32, usize), u32>,
}

impl Products {
    fn of(&mut self, generator: usize, element: u32) -> u32 {
        if let Some(&known) = self.known.get(&(element, generator)) {
            return known;
        }
        let product = self.generators[generator].after(&self.elements[element as usize]);
        let next = self.elements.len() as u32;
        let found = *self.index.entry(product.clone()).or_insert(next);
        if found == next {
            self.elements.push(product);
        }
        self.known.insert((element, generator), found);
        found
    }
}

impl<'a> Images<'a> {
    /// Follows the generators from every stored region and row.
    pub(super) fn new(form: &'a OrbitForm) -> Result<(Self, String), String> {
        let generators: Vec<Element> = form.symmetry().generators.iter().map(Element::of).collect();
        let mut images = Images {
            form,
            elements: Vec::new(),
            regions: Vec::new(),
            by_pattern: HashMap::new(),
            rows: Vec::new(),
            row_index: HashMap::new(),
            moved_rows: vec![Vec::new(); generators.len()],
            moved_regions: vec![Vec::new(); generators.len()],
            rows_follow: true,
        };
        images.add_rows(&generators);
        let identity = Element::identity(form);
        let index = HashMap::from([(identity.clone(), 0)]);
        let mut products = Products { generators, elements: vec![identity], index, known: HashMap::new() };
        for orbit in 0..form.orbits().len() {
            images.add_orbit(orbit, &mut products)?;
        }
        images.elements = products.elements;
        let found = format!(
            "{} regions in {} orbits, {} half-spaces",
            images.regions.len(),
            form.orbits().len(),
            images.rows.len()
        );
        Ok((images, found))
    }

    /// The stored rows, in their order, and then their images.
    fn add_rows(&mut self, generators: &[Element]) {
        let mut at = 0;
        self.rows = self.form.rows().to_vec();
        self.row_index = self.rows.iter().cloned().zip(0..).collect();
        while at < self.rows.len() {
            for (generator, table) in generators.iter().zip(&mut self.moved_rows) {
                let image = generator.push_forward(&self.rows[at]);
                let next = self.rows.len() as u32;
                let found = *self.row_index.entry(image.clone()).or_insert(next);
                if found == next {
                    self.rows.push(image);
                }
                table.push(found);
            }
            at += 1;
        }
    }

    fn add_orbit(&mut self, number: usize, products: &mut Products) -> Result<(), String> {
        let orbit = &self.form.orbits()[number];
        let first = self.regions.len();
        let rows: Vec<u32> = orbit.facets.iter().map(|facet| facet.row as u32).collect();
        // The regions of this orbit by their patterns and rows.
        let mut found = vec![(orbit.pattern.clone(), sorted(rows))];
        self.add(number, 0, &orbit.pattern)?;
        let mut at = first;
        while at < self.regions.len() {
            for generator in 0..products.generators.len() {
                let (pattern, rows) = &found[at - first];
                let pattern = products.generators[generator].move_pattern(pattern);
                let table = &self.moved_rows[generator];
                let rows = sorted(rows.iter().map(|&row| table[row as usize]).collect());
                let image = match self.by_pattern.get(&pattern) {
                    Some(&known) if known as usize >= first => {
                        self.rows_follow &= found[known as usize - first].1 == rows;
                        known
                    }
                    Some(_) => {
                        return Err(format!("two orbits share the image of region {}", orbit.pattern));
                    }
                    None => {
                        let element = products.of(generator, self.regions[at].element);
                        self.add(number, element, &pattern)?;
                        found.push((pattern, rows));
                        self.regions.len() as u32 - 1
                    }
                };
                self.moved_regions[generator].push(image);
            }
            at += 1;
        }
        if self.regions.len() - first != orbit.size {
            return Err(format!("the orbit of region {} has another size", orbit.pattern));
        }
        Ok(())
    }

    fn add(&mut self, orbit: usize, element: u32, pattern: &ActivationPattern) -> Result<(), String> {
        if self.by_pattern.insert(pattern.clone(), self.regions.len() as u32).is_some() {
            return Err("two stored regions have one pattern or are images of each other".into());
        }
        self.regions.push(Image { orbit: orbit as u32, element });
        Ok(())
    }

    pub(super) fn rows(&self) -> &[Vec<Integer>] {
        &self.rows
    }

    pub(super) fn regions(&self) -> &[Image] {
        &self.regions
    }

    pub(super) fn elements(&self) -> &[Element] {
        &self.elements
    }

    pub(super) fn find(&self, pattern: &ActivationPattern) -> Option<usize> {
        self.by_pattern.get(pattern).map(|&region| region as usize)
    }

    /// Whether a region has a facet with the given outward row.
    pub(super) fn has_row(&self, region: usize, row: &[Integer]) -> bool {
        let image = &self.regions[region];
        let pulled = self.elements[image.element as usize].pull_back(row);
        let facets = &self.form.orbits()[image.orbit as usize].facets;
        facets.iter().any(|facet| self.form.rows()[facet.row] == pulled)
    }

    /// Generators permute rows and regions, rows of regions go to rows of their images, and the permutation of a product
    /// is the product of the permutations.
    pub(super) fn permutations(&self) -> Outcome {
        let generators: Vec<Element> = self.form.symmetry().generators.iter().map(Element::of).collect();
        if !self.moved_rows.iter().chain(&self.moved_regions).all(|images| is_permutation(images)) {
            return Err("a generator does not permute the regions and half-spaces".into());
        }
        if !self.rows_follow {
            return Err("a generator takes a region to one with other half-spaces".into());
        }
        for (a, of_a) in generators.iter().zip(&self.moved_regions) {
            for (b, of_b) in generators.iter().zip(&self.moved_regions) {
                let product = a.after(b);
                let direct = |image: &Image| {
                    let stored = &self.form.orbits()[image.orbit as usize].pattern;
                    let element = product.after(&self.elements[image.element as usize]);
                    self.find(&element.move_pattern(stored))
                };
                let composed = of_b.iter().map(|&region| of_a[region as usize] as usize);
                if self.regions.iter().zip(composed).any(|(image, there)| direct(image) != Some(there)) {
                    return Err("a product of generators does not permute as the product".into());
                }
            }
        }
        Ok(format!("generators: {}; each permutes {} regions", generators.len(), self.regions.len()))
    }
}

fn sorted(mut rows: Vec<u32>) -> Vec<u32> {
    rows.sort_unstable();
    rows
}

fn is_permutation(images: &[u32]) -> bool {
    let mut hit = vec![false; images.len()];
    images.iter().for_each(|&image| {
        hit.get_mut(image as usize).into_iter().for_each(|hit| *hit = true);
    });
    hit.into_iter().all(|hit| hit)
}
