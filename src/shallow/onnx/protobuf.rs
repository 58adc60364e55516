//! The few protocol buffer messages of ONNX that an export needs, written by hand.
//!
//! A message is a sequence of fields: a tag `number * 8 + kind`, then a variable-length integer (kind 0) or a length and
//! bytes (kind 2). Field numbers are those of `onnx.proto`.

/// A message under construction.
#[derive(Default)]
pub(super) struct Message {
    bytes: Vec<u8>,
}

impl Message {
    fn variable_length(&mut self, mut value: u64) {
        while value >= 0x80 {
            self.bytes.push(value as u8 | 0x80);
            value >>= 7;
        }
        self.bytes.push(value as u8);
    }

    /// Adds a non-negative integer.
    pub(super) fn integer(mut self, field: u64, value: u64) -> Self {
        self.variable_length(field * 8);
        self.variable_length(value);
        self
    }

    /// Adds bytes, which may be text.
    pub(super) fn bytes(mut self, field: u64, value: &[u8]) -> Self {
        self.variable_length(field * 8 + 2);
        self.variable_length(value.len() as u64);
        self.bytes.extend_from_slice(value);
        self
    }

    /// Adds a message.
    pub(super) fn message(self, field: u64, value: Message) -> Self {
        self.bytes(field, &value.bytes)
    }

    /// Adds one field for each item.
    pub(super) fn each<T>(self, items: impl IntoIterator<Item = T>, add: impl Fn(Self, T) -> Self) -> Self {
        items.into_iter().fold(self, add)
    }

    /// The finished message.
    pub(super) fn finish(self) -> Vec<u8> {
        self.bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_encoded_as_the_standard_says() {
        // The examples of the protocol buffer documentation: 150 in field 1, "testing" in field 2.
        assert_eq!(Message::default().integer(1, 150).finish(), [0x08, 0x96, 0x01]);
        assert_eq!(Message::default().bytes(2, b"testing").finish(), *b"\x12\x07testing");
    }
}
