//! Smooth activations: weights by temperature, leakage, certificates, samples.

mod certificate;
mod graph;
mod leakage;
mod samples;

pub use certificate::CertificateReport;
pub use graph::TemperatureReport;
pub use leakage::LeakageReport;
pub use samples::SamplesReport;
