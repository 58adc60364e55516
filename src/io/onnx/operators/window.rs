//! Sliding windows: how convolutions and pools place their kernels.

use super::super::node::Node;
use crate::error::Result;

/// The placement of a kernel along each spatial axis.
pub(super) struct Window {
    strides: Vec<i64>,
    dilations: Vec<i64>,
    begins: Vec<i64>,
    sizes: Vec<usize>,
    /// The number of kernel positions along each axis.
    pub(super) output: Vec<usize>,
}

impl Window {
    /// Reads strides, dilations, pads and `auto_pad` for a kernel on an input with these spatial axes.
    pub(super) fn new(node: &Node, spatial: &[usize], kernel: &[usize]) -> Result<Self> {
        let rank = spatial.len();
        let read = |name: &str, length: usize, default: i64, least: i64| -> Result<Vec<i64>> {
            let values = node.ints(name).map_or_else(|| vec![default; length], <[i64]>::to_vec);
            if values.len() == length && values.iter().all(|&value| value >= least && value < 1 << 31) {
                Ok(values)
            } else {
                let wanted = format!("{length} entries of at least {least} in attribute {name}");
                Err(node.wrong_shape(wanted, format!("{values:?}")))
            }
        };
        let strides = read("strides", rank, 1, 1)?;
        let dilations = read("dilations", rank, 1, 1)?;
        let pads = read("pads", 2 * rank, 0, 0)?;
        let auto_pad = node.text("auto_pad", "NOTSET");
        let mut window =
            Window { strides, dilations, begins: Vec::new(), sizes: spatial.to_vec(), output: Vec::new() };
        for axis in 0..rank {
            let size = spatial[axis] as i64;
            let stride = window.strides[axis];
            if kernel[axis] == 0 {
                return Err(node.wrong_shape("a kernel with entries", format!("{kernel:?}")));
            }
            let reach = window.dilations[axis] * (kernel[axis] as i64 - 1) + 1;
            let (begin, total) = match auto_pad.as_str() {
                "NOTSET" | "" => (pads[axis], pads[axis] + pads[axis + rank]),
                "VALID" => (0, 0),
                "SAME_UPPER" | "SAME_LOWER" => {
                    let positions = (size + stride - 1) / stride;
                    let total = ((positions - 1) * stride + reach - size).max(0);
                    (if auto_pad == "SAME_UPPER" { total / 2 } else { total - total / 2 }, total)
                }
                other => return Err(node.unsupported(format!("auto_pad '{other}'"), "give explicit pads")),
            };
            let room = size + total - reach;
            if room < 0 {
                return Err(node.wrong_shape(
                    format!("a kernel that fits into {} entries on spatial axis {axis}", size + total),
                    format!("one that reaches over {reach}"),
                ));
            }
            if node.int("ceil_mode", 0) != 0 && room % stride != 0 {
                return Err(node.unsupported("ceil_mode with a window over the edge", "pad explicitly"));
            }
            window.begins.push(begin);
            window.output.push((room / stride + 1) as usize);
        }
        Ok(window)
    }

    /// The input entry, as a multi-index, under kernel entry `offset` at kernel position `position`; `None` on padding.
    pub(super) fn under(&self, position: &[usize], offset: &[usize]) -> Option<Vec<usize>> {
        (0..position.len())
            .map(|axis| {
                let at = position[axis] as i64 * self.strides[axis]
                    + offset[axis] as i64 * self.dilations[axis]
                    - self.begins[axis];
                usize::try_from(at).ok().filter(|&at| at < self.sizes[axis])
            })
            .collect()
    }
}
