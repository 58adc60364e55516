//! Pictures and pages: numbers and strings in, SVG, DOT or HTML text out.
//!
//! This floor knows no mathematics of groups and no networks. Every picture is a [`Picture`], a self-contained SVG
//! without scripts, fonts or links, and all of them share the colours and the type of [`theme`]. Output is
//! deterministic: the same input gives the same bytes.
//!
//! | want | use |
//! |---|---|
//! | a digraph in layers | [`Graph`] and [`layered::picture`] |
//! | the same digraph for Graphviz | [`dot::text`] |
//! | lines, points, bars, areas, quantile bands | [`plot::Plot`] |
//! | a matrix as colours | [`plot::Heatmap`] |
//! | a subdivision of the plane | [`polygons::Subdivision`] |
//! | several pictures in one | [`plot::panels`] |
//! | a report | [`page::Page`] |
//!
//! Text that is drawn (titles, labels, captions) may hold `_{...}` and `^{...}` for lowered and raised parts.

pub mod clip;
pub mod dot;
pub mod graph;
pub mod layered;
mod legend;
pub mod page;
pub mod plot;
pub mod polygons;
pub mod svg;
pub mod text;
pub mod theme;

pub use graph::{Edge, Graph, Node};

pub use page::Page;
pub use svg::Picture;
