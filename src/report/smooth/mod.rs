//! Smooth activations: the half-identity, weights by temperature, leakage, certificates, samples.

mod certificate;
mod graph;
mod identity;
mod leakage;
mod samples;

pub use certificate::CertificateReport;
pub use graph::TemperatureReport;
pub use identity::IdentityReport;
pub use leakage::LeakageReport;
pub use samples::SamplesReport;
