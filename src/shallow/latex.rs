//! A summary of a form as a LaTeX table.

use super::orbit_form::OrbitForm;
use crate::error::Result;

impl OrbitForm {
    /// The sizes of the form as a LaTeX `tabular` with rules of the `booktabs` package.
    ///
    /// # Errors
    /// As [`OrbitForm::sizes`].
    pub fn latex_table(&self) -> Result<String> {
        let sizes = self.sizes()?;
        let group = if self.provenance.group.is_empty() { "trivial" } else { &self.provenance.group };
        let widths = sizes.layer_widths.map(|width| width.to_string()).join(", ");
        let lines: Vec<(&str, String)> = vec![
            ("inputs, outputs", format!("{}, {}", self.inputs, self.outputs)),
            ("neurons of the network", self.hidden.iter().sum::<usize>().to_string()),
            ("group", escaped(group)),
            ("linear regions", self.regions().to_string()),
            ("orbits of regions", self.orbits.len().to_string()),
            ("half-spaces", sizes.half_spaces.to_string()),
            ("selectors", sizes.selectors.to_string()),
            ("conditions of selectors", sizes.incidences.to_string()),
            ("widths of the three hidden layers", widths),
        ];
        let body: String = lines.iter().map(|(name, value)| format!("{name} & {value} \\\\\n")).collect();
        Ok(format!("\\begin{{tabular}}{{lr}}\n\\toprule\n{body}\\bottomrule\n\\end{{tabular}}\n"))
    }
}

/// Text with LaTeX's special characters made harmless.
fn escaped(text: &str) -> String {
    let mut safe = String::new();
    for character in text.chars() {
        match character {
            '\\' => safe.push_str("\\textbackslash{}"),
            '^' => safe.push_str("\\textasciicircum{}"),
            '~' => safe.push_str("\\textasciitilde{}"),
            '#' | '$' | '%' | '&' | '_' | '{' | '}' => {
                safe.push('\\');
                safe.push(character);
            }
            other => safe.push(other),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn special_characters_are_escaped() {
        assert_eq!(escaped("C4^2_a & b"), "C4\\textasciicircum{}2\\_a \\& b");
    }
}
