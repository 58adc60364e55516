//! Files that are no networks: every error names the file, the node and the trouble.

use isotypic::io::onnx::messages::{
    AttributeProto, DimensionProto, GraphProto, ModelProto, NodeProto, OperatorSetIdProto, TensorProto,
    TensorShapeProto, TensorTypeProto, TypeProto, ValueInfoProto,
};
use isotypic::io::{onnx::parse_onnx, read_network};
use prost::Message;

fn value(name: &str, axes: &[Option<i64>]) -> ValueInfoProto {
    let dim = axes.iter().map(|&dim_value| DimensionProto { dim_value, dim_param: None }).collect();
    let tensor = TensorTypeProto { elem_type: Some(11), shape: Some(TensorShapeProto { dim }) };
    ValueInfoProto { name: name.into(), r#type: Some(TypeProto { tensor_type: Some(tensor) }) }
}

fn node(op_type: &str, inputs: &[&str], output: &str) -> NodeProto {
    NodeProto {
        op_type: op_type.into(),
        name: format!("the_{}", op_type.to_lowercase()),
        input: inputs.iter().map(|name| name.to_string()).collect(),
        output: vec![output.into()],
        ..Default::default()
    }
}

fn tensor(name: &str, dims: &[i64], values: &[f64]) -> TensorProto {
    TensorProto {
        name: name.into(),
        dims: dims.to_vec(),
        data_type: Some(11),
        double_data: values.to_vec(),
        ..Default::default()
    }
}

/// x of 2 entries, through a 2 x 2 matrix and a ReLU.
fn good() -> ModelProto {
    let graph = GraphProto {
        node: vec![node("MatMul", &["x", "w"], "h"), node("Relu", &["h"], "y")],
        initializer: vec![tensor("w", &[2, 2], &[1.0, 2.0, 3.0, 4.0])],
        input: vec![value("x", &[None, Some(2)])],
        output: vec![value("y", &[])],
        ..Default::default()
    };
    let opset = OperatorSetIdProto { domain: String::new(), version: 17 };
    ModelProto { ir_version: Some(8), opset_import: vec![opset], graph: Some(graph) }
}

/// The error on the good model after a change.
fn error(change: impl FnOnce(&mut ModelProto, &mut GraphProto)) -> String {
    let mut model = good();
    let mut graph = model.graph.take().unwrap();
    change(&mut model, &mut graph);
    model.graph.get_or_insert(graph);
    parse_onnx(&model.encode_to_vec(), "net.onnx").unwrap_err().to_string()
}

#[track_caller]
fn says(text: &str, words: &[&str]) {
    for word in words {
        assert!(text.contains(word), "'{word}' is missing in: {text}");
    }
}

#[test]
fn the_good_model_is_good() {
    let network = parse_onnx(&good().encode_to_vec(), "net.onnx").unwrap();
    // A network that ends in an activation has an exact identity behind it.
    assert_eq!(network.layers().len(), 2);
    assert_eq!(network.evaluate(&[1.0, -1.0]), [0.0, 0.0]);
    assert_eq!(network.evaluate(&[-1.0, 1.0]), [2.0, 2.0]);
}

#[test]
fn files_that_are_no_models() {
    let missing = read_network("data/no_such.onnx".as_ref()).unwrap_err().to_string();
    says(&missing, &["data/no_such.onnx", "No such file"]);
    says(&read_network("data/README.md".as_ref()).unwrap_err().to_string(), &["README.md", ".onnx or .json"]);
    let parse = |bytes: &[u8]| parse_onnx(bytes, "net.onnx").unwrap_err().to_string();
    says(&parse(b""), &["net.onnx", "empty"]);
    says(&parse(b"1,2,3\n4,5,6\n"), &["net.onnx", "a text, not an ONNX model"]);
    says(&parse(include_str!("../data/train.py").as_bytes()), &["a text"]);
    says(&parse(&[0xff; 64]), &["damaged"]);
    let bytes = std::fs::read("data/elnino_c4.onnx").unwrap();
    says(&parse(&bytes[..bytes.len() / 2]), &["net.onnx", "truncated"]);
    says(&parse(&bytes[..bytes.len() - 3]), &["net.onnx"]);
}

#[test]
fn operators_that_cannot_be_read() {
    let text = error(|_, graph| graph.node[1].op_type = "Softmax".into());
    says(
        &text,
        &["net.onnx: node 'the_relu' (Softmax)", "operator Softmax is not supported", "Gemm", "Relu"],
    );
    let text = error(|_, graph| graph.node[1].domain = "com.microsoft".into());
    says(&text, &["the_relu", "com.microsoft"]);
    says(&error(|model, _| model.opset_import[0].version = 7), &["operator set 7", "9 or later"]);
    says(&error(|model, _| model.opset_import.clear()), &["names no operator set"]);
    // Where a node has no name, its output stands for it.
    says(
        &error(|_, graph| {
            graph.node[1].name.clear();
            graph.node[1].op_type = "Sin".into();
        }),
        &["node 'y' (Sin)"],
    );
    says(
        &error(|_, graph| {
            graph.node[1] = node("PRelu", &["h", "s"], "y");
            graph.initializer.push(tensor("s", &[2], &[0.5, 0.25]));
        }),
        &["the_prelu", "several slopes"],
    );
}

#[test]
fn weights_that_cannot_be_used() {
    let text = error(|_, graph| graph.initializer[0].double_data[3] = f64::NAN);
    says(&text, &["net.onnx: initialiser 'w', entry 3", "NaN or infinite"]);
    let text = error(|_, graph| graph.initializer[0].double_data[0] = f64::INFINITY);
    says(&text, &["entry 0", "NaN or infinite"]);
    says(&error(|_, graph| graph.initializer[0].dims = vec![3, 2]), &["'w'", "6 entries", "got 4"]);
    says(&error(|_, graph| graph.initializer[0].dims = vec![4, 1]), &["the_matmul", "2 rows", "got 4"]);
    says(&error(|_, graph| graph.initializer[0].data_type = Some(10)), &["'w'", "float16"]);
    says(&error(|_, graph| graph.initializer[0].data_location = Some(1)), &["'w'", "external data"]);
}

#[test]
fn graphs_that_do_not_hang_together() {
    says(&error(|_, graph| graph.node[0].input[1] = "v".into()), &["the_matmul", "'v' comes from nowhere"]);
    says(&error(|_, graph| graph.node[0].input[0] = "y".into()), &["the_matmul", "a cycle"]);
    says(&error(|_, graph| graph.output[0].name = "z".into()), &["'z' comes from nowhere"]);
    says(&error(|_, graph| graph.input.clear()), &["one graph input, got 0"]);
    says(
        &error(|_, graph| graph.input.push(value("u", &[None, Some(2)]))),
        &["one graph input, got 2 ('x', 'u')"],
    );
    says(&error(|_, graph| graph.output.push(value("h", &[]))), &["one graph output, got 2 ('y', 'h')"]);
    says(
        &error(|_, graph| graph.node[0].output[0] = "y".into()),
        &["the_relu", "already has another origin"],
    );
    says(&error(|_, graph| graph.node[1].input[0] = "w".into()), &["does not depend on the input"]);
    says(&error(|_, graph| graph.node[1].input.clear()), &["the_relu", "at least 1 inputs"]);
    // An initialiser that an old exporter repeats among the inputs is no input.
    let mut old = good();
    old.graph.as_mut().unwrap().input.push(value("w", &[Some(2), Some(2)]));
    assert!(parse_onnx(&old.encode_to_vec(), "net.onnx").is_ok());
}

#[test]
fn skips_and_products_are_named() {
    let text = error(|_, graph| {
        graph.node[1].output[0] = "r".into();
        graph.node.push(node("Add", &["r", "x"], "y"));
    });
    says(&text, &["node 'the_add' (Add)", "different activations", "skip connection"]);
    let square = |graph: &mut GraphProto| graph.node.insert(1, node("Mul", &["h", "h"], "q"));
    let text = error(|_, graph| {
        square(graph);
        graph.node[2].input[0] = "q".into();
    });
    says(&text, &["the_mul", "both depend on the network's input"]);
    // A node that nothing uses is not run.
    let mut model = good();
    square(model.graph.as_mut().unwrap());
    assert!(parse_onnx(&model.encode_to_vec(), "net.onnx").is_ok());
}

#[test]
fn inputs_of_unknown_size() {
    let with = |axes: &[Option<i64>]| error(|_, graph| graph.input[0] = value("x", axes));
    says(&with(&[None, None]), &["input 'x'", "fixed size for axis 1", "dynamic"]);
    says(&with(&[Some(8), Some(2)]), &["input 'x'", "batch", "got 8"]);
    says(&with(&[None, Some(0)]), &["axis 1", "got 0"]);
    says(&with(&[None, Some(1 << 40), Some(1 << 40)]), &["input 'x'", "more than the limit"]);
    says(&error(|_, graph| graph.input[0].r#type = None), &["shape is not declared"]);
}

#[test]
fn absurd_sizes_are_refused_before_they_are_made() {
    let text = error(|_, graph| {
        let mut shape = tensor("s", &[2], &[]);
        (shape.data_type, shape.int64_data) = (Some(7), vec![1 << 40, 1 << 30]);
        graph.initializer.push(shape);
        graph.node.insert(0, node("ConstantOfShape", &["s"], "c"));
        graph.node[1].input[1] = "c".into();
    });
    says(&text, &["the_constantofshape", "more than the limit"]);
    // Squaring a constant forty times would need 2^40 bits.
    let text = error(|_, graph| {
        for k in 0..40 {
            let from = if k == 0 { "w".to_string() } else { format!("c{k}") };
            graph.node.insert(0, node("Mul", &[&from, &from], &format!("c{}", k + 1)));
        }
        graph.node.iter_mut().find(|n| n.op_type == "MatMul").unwrap().input[1] = "c40".into();
    });
    says(&text, &["the_mul", "bits"]);
    let pad = AttributeProto { name: "mode".into(), s: Some(b"constant".to_vec()), ..Default::default() };
    let text = error(|_, graph| {
        let mut pads = tensor("p", &[4], &[]);
        (pads.data_type, pads.int64_data) = (Some(7), vec![0, 1 << 31, 0, 1 << 31]);
        graph.initializer.push(pads);
        graph.node[1] = NodeProto { attribute: vec![pad], ..node("Pad", &["h", "p"], "y") };
    });
    says(&text, &["the_pad", "more than the limit"]);
}
