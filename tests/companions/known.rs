//! What the tests of the three companion theories share: the table of known values, which remembers what was read of
//! it, and the generator that made it.

use serde_json::Value;
use std::fmt;
use std::ops::Index;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

/// An entry of the table: a list, an object, or a value that remembers whether it was read.
pub(crate) struct Entry {
    kind: Kind,
    read: AtomicBool,
}

enum Kind {
    Value(Value),
    List(Vec<Entry>),
    Object(Vec<(String, Entry)>),
}

/// `tests/known/smooth_reverse_teacher.json`: computed with independent programs (Python with numpy, scipy, and
/// mpmath at 50 digits).
pub(crate) fn known() -> &'static Entry {
    static TABLE: OnceLock<Entry> = OnceLock::new();
    TABLE.get_or_init(|| {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/known/smooth_reverse_teacher.json");
        Entry::new(serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap())
    })
}

impl Entry {
    fn new(value: Value) -> Self {
        let kind = match value {
            Value::Array(items) => Kind::List(items.into_iter().map(Entry::new).collect()),
            Value::Object(fields) => {
                Kind::Object(fields.into_iter().map(|(name, value)| (name, Entry::new(value))).collect())
            }
            value => Kind::Value(value),
        };
        Entry { kind, read: AtomicBool::new(false) }
    }

    /// The value, marked as read.
    fn value(&self) -> Option<&Value> {
        let Kind::Value(value) = &self.kind else { return None };
        self.read.store(true, Ordering::Relaxed);
        Some(value)
    }

    pub(crate) fn as_f64(&self) -> Option<f64> {
        self.value().and_then(Value::as_f64)
    }

    pub(crate) fn as_u64(&self) -> Option<u64> {
        self.value().and_then(Value::as_u64)
    }

    pub(crate) fn as_i64(&self) -> Option<i64> {
        self.value().and_then(Value::as_i64)
    }

    pub(crate) fn as_bool(&self) -> Option<bool> {
        self.value().and_then(Value::as_bool)
    }

    /// Whether there is no value; only a missing one counts as read by the question.
    pub(crate) fn is_null(&self) -> bool {
        matches!(self.kind, Kind::Value(Value::Null)) && self.value().is_some()
    }

    pub(crate) fn as_object(&self) -> Option<Vec<(&str, &Entry)>> {
        let Kind::Object(fields) = &self.kind else { return None };
        Some(fields.iter().map(|(name, entry)| (name.as_str(), entry)).collect())
    }

    pub(crate) fn get(&self, name: &str) -> Option<&Entry> {
        let Kind::Object(fields) = &self.kind else { return None };
        fields.iter().find(|(field, _)| field == name).map(|(_, entry)| entry)
    }

    /// The paths of the values that were not read, with list positions left out, and how many of each.
    pub(crate) fn unread(&self) -> std::collections::BTreeMap<String, usize> {
        let mut paths = std::collections::BTreeMap::new();
        self.collect_unread("", &mut paths);
        paths
    }

    fn collect_unread(&self, path: &str, paths: &mut std::collections::BTreeMap<String, usize>) {
        match &self.kind {
            Kind::Value(_) => {
                if !self.read.load(Ordering::Relaxed) {
                    *paths.entry(path.to_owned()).or_default() += 1;
                }
            }
            Kind::List(items) => {
                items.iter().for_each(|item| item.collect_unread(&format!("{path}[]"), paths))
            }
            Kind::Object(fields) => {
                fields
                    .iter()
                    .for_each(|(name, entry)| entry.collect_unread(&format!("{path}.{name}"), paths));
            }
        }
    }
}

impl Index<&str> for Entry {
    type Output = Entry;

    fn index(&self, name: &str) -> &Entry {
        self.get(name).unwrap_or_else(|| panic!("no entry '{name}'"))
    }
}

impl Index<usize> for Entry {
    type Output = Entry;

    fn index(&self, place: usize) -> &Entry {
        &list(self)[place]
    }
}

impl fmt::Display for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            Kind::Value(value) => write!(f, "{value}"),
            Kind::List(items) => write!(f, "a list of {}", items.len()),
            Kind::Object(fields) => write!(f, "an object with {} fields", fields.len()),
        }
    }
}

pub(crate) fn list(entry: &Entry) -> &[Entry] {
    match &entry.kind {
        Kind::List(items) => items,
        _ => panic!("{entry} is no list"),
    }
}

pub(crate) fn number(entry: &Entry) -> f64 {
    entry.as_f64().unwrap_or_else(|| panic!("{entry} is no number"))
}

pub(crate) fn index(entry: &Entry) -> usize {
    entry.as_u64().unwrap_or_else(|| panic!("{entry} is no index")) as usize
}

pub(crate) fn text(entry: &Entry) -> &str {
    entry.value().and_then(Value::as_str).unwrap_or_else(|| panic!("{entry} is no text"))
}

pub(crate) fn numbers(value: &Entry) -> Vec<f64> {
    list(value).iter().map(number).collect()
}

pub(crate) fn rows(value: &Entry) -> Vec<Vec<f64>> {
    list(value).iter().map(numbers).collect()
}

/// Fails unless `got` is within `relative` times the size of `want`, plus `absolute`.
#[track_caller]
pub(crate) fn close(got: f64, want: f64, relative: f64, absolute: f64, what: &str) {
    assert!((got - want).abs() <= relative * want.abs() + absolute, "{what}: got {got:e}, want {want:e}");
}

#[track_caller]
pub(crate) fn all_close(got: &[f64], want: &[f64], tolerance: f64, what: &str) {
    assert_eq!(got.len(), want.len(), "{what}");
    for (i, (g, w)) in got.iter().zip(want).enumerate() {
        close(*g, *w, 0.0, tolerance, &format!("{what}[{i}]"));
    }
}

/// SplitMix64, uniform numbers of 53 bits, and normal numbers by Box and Muller, cosine branch only.
pub(crate) struct SplitMix(pub(crate) u64);

impl SplitMix {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    pub(crate) fn uniform(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }

    pub(crate) fn normal(&mut self) -> f64 {
        let (radius, angle) = (self.uniform(), self.uniform());
        (-2.0 * (1.0 - radius).ln()).sqrt() * (std::f64::consts::TAU * angle).cos()
    }
}
