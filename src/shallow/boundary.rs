//! Who answers on the boundaries between regions.

/// How the points that belong to several closed regions are shared out, so that exactly one selector answers at each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Boundary {
    /// Each region owns those of its facets that face the [`Viewpoint`](super::Viewpoint). One selector per region. The
    /// function is equivariant everywhere, the layers are but for the open and closed marks: a group element may fix a
    /// boundary point and swap its two regions, so no choice of owners is invariant.
    #[default]
    HalfOpen,
    /// Every face of every dimension, without its own boundary, has a selector: all regions are open, and the faces of
    /// lower dimension stand beside them. Exactly equivariant layer by layer, but larger.
    Faces,
}

impl Boundary {
    /// The name on the command line and in files.
    pub fn name(self) -> &'static str {
        match self {
            Boundary::HalfOpen => "half-open",
            Boundary::Faces => "faces",
        }
    }

    /// Reads a name; `None` for an unknown one.
    ///
    /// ```
    /// use isotypic::shallow::Boundary;
    /// assert_eq!(Boundary::parse("faces"), Some(Boundary::Faces));
    /// ```
    pub fn parse(name: &str) -> Option<Self> {
        [Boundary::HalfOpen, Boundary::Faces].into_iter().find(|boundary| boundary.name() == name)
    }
}
