//! The program as its users meet it: results, exit codes, files, and one clear line for bad input.

mod companions;
mod energy;
mod explain;
mod forms;
mod forms_acceptance;
mod main_job;
mod regions;
mod support;
mod symmetry;
