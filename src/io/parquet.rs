//! Rows as Parquet tables, which pandas, polars, DuckDB and others read.
//!
//! Nested values are taken apart into flat columns as the format wants it: beside its values a column keeps, for each
//! entry, how many lists around it are not empty (the definition level) and at which depth of lists it goes on (the
//! repetition level, 0 where a row begins). Every field is required, so that both count lists alone.

use super::AtomicFile;
use crate::error::{Error, Result};
use ::parquet::basic::{Compression, ConvertedType, Repetition, Type as Physical};
use ::parquet::column::writer::ColumnWriter;
use ::parquet::data_type::ByteArray;
use ::parquet::errors::{ParquetError, Result as ParquetResult};
use ::parquet::file::properties::WriterProperties;
use ::parquet::file::writer::SerializedFileWriter;
use ::parquet::schema::parser::parse_message_type;
use ::parquet::schema::types::{Type, TypePtr};
use serde::Serialize;
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A row group is written when it holds about so many bytes.
const GROUP_BYTES: usize = 1 << 24;
/// What an entry costs beside its text: the value's own size and two levels.
const ENTRY_BYTES: usize = 40;

/// A Parquet file that is written row by row and appears when it is finished, as an [`AtomicFile`].
///
/// Rows are kept until they fill a row group of about 16 MiB, so memory does not grow with their number. Text is
/// compressed by Snappy.
///
/// ```
/// use isotypic::io::parquet::ParquetFile;
/// let folder = tempfile::tempdir().unwrap();
/// let path = folder.path().join("rows.parquet");
/// let schema = "message row {
///   required binary name (STRING);
///   required group sizes (LIST) { repeated group list { required int64 element; } }
/// }";
/// let mut file = ParquetFile::new(&path, schema)?;
/// file.add(&serde_json::json!({ "name": "one", "sizes": [1, 2] }))?;
/// file.finish_as(&path)?;
/// assert!(std::fs::read(&path).unwrap().starts_with(b"PAR1"));
/// # Ok::<(), isotypic::Error>(())
/// ```
#[derive(Debug)]
pub struct ParquetFile {
    path: PathBuf,
    schema: TypePtr,
    writer: SerializedFileWriter<AtomicFile>,
    columns: Vec<Column>,
    bytes: usize,
    group_bytes: usize,
}

impl ParquetFile {
    /// Begins a file that will stand at a path. The schema is a message in Parquet's own notation, of required texts,
    /// `int64`, booleans, lists of three levels (`LIST`) and groups.
    ///
    /// # Errors
    /// [`Error::Io`] where the folder does not exist or cannot be written, or the schema is none of these.
    pub fn new(path: &Path, schema: &str) -> Result<Self> {
        let begin = || {
            let schema = Arc::new(parse_message_type(schema)?);
            if !is_writable(&schema) {
                return Err(ParquetError::NYI("a schema of other than required fields and lists".into()));
            }
            let properties = WriterProperties::builder().set_compression(Compression::SNAPPY).build();
            let file = AtomicFile::new(path).map_err(|error| ParquetError::External(Box::new(error)))?;
            let writer = SerializedFileWriter::new(file, schema.clone(), Arc::new(properties))?;
            let columns = vec![Column::default(); writer.schema_descr().num_columns()];
            let path = path.to_owned();
            Ok(ParquetFile { path, schema, writer, columns, bytes: 0, group_bytes: GROUP_BYTES })
        };
        begin().map_err(|error| failed(path, error))
    }

    /// Adds a row, whose fields must be those of the schema.
    ///
    /// # Errors
    /// [`Error::Io`] where the row does not fit the schema or the file cannot be written.
    pub fn add(&mut self, row: &impl Serialize) -> Result<()> {
        let row = serde_json::to_value(row).map_err(|error| Error::io(&self.path, error.into()))?;
        let mut target = Target { columns: &mut self.columns, column: 0, bytes: 0 };
        target.fill(&self.schema, &row, Levels::default()).map_err(|error| failed(&self.path, error))?;
        self.bytes += target.bytes;
        if self.bytes >= self.group_bytes {
            self.write_group().map_err(|error| failed(&self.path, error))?;
        }
        Ok(())
    }

    /// Puts the file in its place, under any name in the folder that it was begun for, when all bytes are on disk.
    ///
    /// # Errors
    /// [`Error::Io`] where that fails; nothing is left behind.
    pub fn finish_as(mut self, path: &Path) -> Result<()> {
        self.write_group().map_err(|error| failed(path, error))?;
        self.writer.into_inner().map_err(|error| failed(path, error))?.finish_as(path)
    }

    /// Writes the rows that are kept as one row group.
    fn write_group(&mut self) -> ParquetResult<()> {
        if self.bytes == 0 {
            return Ok(());
        }
        let mut group = self.writer.next_row_group()?;
        for column in &mut self.columns {
            let mut writer =
                group.next_column()?.ok_or_else(|| ParquetError::General("a column is missing".into()))?;
            let (definition, repetition) = (Some(&column.definition[..]), Some(&column.repetition[..]));
            match writer.untyped() {
                ColumnWriter::ByteArrayColumnWriter(writer) => {
                    writer.write_batch(&column.texts, definition, repetition)?
                }
                ColumnWriter::Int64ColumnWriter(writer) => {
                    writer.write_batch(&column.integers, definition, repetition)?
                }
                ColumnWriter::BoolColumnWriter(writer) => {
                    writer.write_batch(&column.booleans, definition, repetition)?
                }
                _ => return Err(ParquetError::NYI("another type of column".into())),
            };
            writer.close()?;
            column.clear();
        }
        group.close()?;
        self.bytes = 0;
        Ok(())
    }
}

fn failed(path: &Path, error: ParquetError) -> Error {
    match error {
        ParquetError::External(cause) => match cause.downcast::<Error>() {
            Ok(error) => *error,
            Err(cause) => Error::io(path, std::io::Error::other(cause)),
        },
        other => Error::io(path, std::io::Error::other(other)),
    }
}

/// The entries of one column in the row group that is being filled; only the values of its own type are used.
#[derive(Clone, Debug, Default)]
struct Column {
    texts: Vec<ByteArray>,
    integers: Vec<i64>,
    booleans: Vec<bool>,
    definition: Vec<i16>,
    repetition: Vec<i16>,
}

impl Column {
    fn clear(&mut self) {
        self.texts.clear();
        self.integers.clear();
        self.booleans.clear();
        self.definition.clear();
        self.repetition.clear();
    }
}

/// Where a value stands: the number of lists around it, and the depth of lists at which its first entry goes on.
#[derive(Clone, Copy, Default)]
struct Levels {
    depth: i16,
    repetition: i16,
}

/// The columns, and the next one to be filled.
struct Target<'a> {
    columns: &'a mut [Column],
    column: usize,
    bytes: usize,
}

impl Target<'_> {
    /// Appends a value of a type to the type's columns, which begin at the next one.
    fn fill(&mut self, kind: &Type, value: &Value, levels: Levels) -> ParquetResult<()> {
        let unfit =
            || ParquetError::General(format!("the value of '{}' does not fit the schema", kind.name()));
        if kind.is_primitive() {
            let column = self.entry(levels);
            match kind.get_physical_type() {
                Physical::INT64 => column.integers.push(value.as_i64().ok_or_else(unfit)?),
                Physical::BOOLEAN => column.booleans.push(value.as_bool().ok_or_else(unfit)?),
                _ => {
                    let text = value.as_str().ok_or_else(unfit)?;
                    column.texts.push(text.into());
                    self.bytes += text.len();
                }
            }
            return Ok(());
        }
        if !is_list(kind) {
            return kind
                .get_fields()
                .iter()
                .try_for_each(|field| self.fill(field, value.get(field.name()).ok_or_else(unfit)?, levels));
        }
        let element = element(kind);
        let items = value.as_array().ok_or_else(unfit)?;
        if items.is_empty() {
            for _ in 0..leaves(element) {
                self.entry(levels);
            }
        }
        let (first, depth) = (self.column, levels.depth + 1);
        for (index, item) in items.iter().enumerate() {
            self.column = first;
            let repetition = if index == 0 { levels.repetition } else { depth };
            self.fill(element, item, Levels { depth, repetition })?;
        }
        Ok(())
    }

    /// Begins an entry of the next column.
    fn entry(&mut self, levels: Levels) -> &mut Column {
        let column = &mut self.columns[self.column];
        column.definition.push(levels.depth);
        column.repetition.push(levels.repetition);
        self.column += 1;
        self.bytes += ENTRY_BYTES;
        column
    }
}

fn is_list(kind: &Type) -> bool {
    kind.is_group() && kind.get_basic_info().converted_type() == ConvertedType::LIST
}

/// The type of a list's elements, two levels below it.
fn element(list: &Type) -> &Type {
    &list.get_fields()[0].get_fields()[0]
}

/// Whether a type is of the few kinds that are written here.
fn is_writable(kind: &Type) -> bool {
    let required =
        |field: &TypePtr| field.get_basic_info().repetition() == Repetition::REQUIRED && is_writable(field);
    if kind.is_primitive() {
        return matches!(
            kind.get_physical_type(),
            Physical::BYTE_ARRAY | Physical::INT64 | Physical::BOOLEAN
        );
    }
    if !is_list(kind) {
        return kind.get_fields().iter().all(required);
    }
    match kind.get_fields() {
        [list] if list.is_group() && list.get_basic_info().repetition() == Repetition::REPEATED => {
            matches!(list.get_fields(), [element] if required(element))
        }
        _ => false,
    }
}

/// The number of columns of a type.
fn leaves(kind: &Type) -> usize {
    if kind.is_primitive() { 1 } else { kind.get_fields().iter().map(|field| leaves(field)).sum() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ::parquet::file::reader::{FileReader, SerializedFileReader};
    use serde_json::json;

    const SCHEMA: &str = "message row {
        required binary name (STRING);
        required group parts (LIST) { repeated group list { required group element {
            required group sizes (LIST) { repeated group list { required int64 element; } }
            required boolean last;
        } } }
        required group table (LIST) { repeated group list { required group element (LIST) { repeated group list {
            required binary element (STRING);
        } } } }
    }";

    #[test]
    fn nested_rows_come_back_in_bounded_groups() {
        let rows = [
            json!({ "name": "a", "parts": [], "table": [["1", "2"], [], ["3/4"]] }),
            json!({ "name": "", "parts": [{ "sizes": [], "last": false }, { "sizes": [5, -6], "last": true }],
                "table": [] }),
            json!({ "name": "c", "parts": [{ "sizes": [7], "last": true }], "table": [[]] }),
        ];
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("rows.parquet");
        for (group_bytes, groups) in [(GROUP_BYTES, 1), (1, 3)] {
            let mut file = ParquetFile::new(&path, SCHEMA).unwrap();
            file.group_bytes = group_bytes;
            rows.iter().for_each(|row| file.add(row).unwrap());
            file.finish_as(&path).unwrap();
            let reader = SerializedFileReader::new(std::fs::File::open(&path).unwrap()).unwrap();
            assert_eq!(reader.num_row_groups(), groups);
            let read: Vec<String> =
                reader.get_row_iter(None).unwrap().map(|row| row.unwrap().to_string()).collect();
            assert_eq!(
                read,
                [
                    r#"{name: "a", parts: [], table: [["1", "2"], [], ["3/4"]]}"#,
                    r#"{name: "", parts: [{sizes: [], last: false}, {sizes: [5, -6], last: true}], table: []}"#,
                    r#"{name: "c", parts: [{sizes: [7], last: true}], table: [[]]}"#,
                ]
            );
        }
    }

    #[test]
    fn what_does_not_fit_is_refused_and_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("rows.parquet");
        let mut file = ParquetFile::new(&path, SCHEMA).unwrap();
        let error = file.add(&json!({ "name": 1 })).unwrap_err().to_string();
        assert!(error.contains("rows.parquet") && error.contains("'name'"), "{error}");
        drop(file);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
        let error = ParquetFile::new(&folder.path().join("missing/rows.parquet"), SCHEMA).unwrap_err();
        assert!(error.to_string().contains("missing/rows.parquet"), "{error}");
        for schema in [
            "no schema",
            "message row { optional int64 a; }",
            "message row { repeated int64 a; }",
            "message row { required double a; }",
            "message row { required group a (LIST) { repeated int64 element; } }",
        ] {
            assert!(ParquetFile::new(&path, schema).is_err(), "{schema}");
        }
    }
}
