"""Make the small ONNX files beside this script, one per group of operators, with outputs by onnx's own reference
evaluator (float64).  Needs onnx and numpy.  Run: python make.py
"""
import pathlib

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from onnx.reference import ReferenceEvaluator

HERE = pathlib.Path(__file__).resolve().parent
rng = np.random.default_rng(0)
F8 = TensorProto.DOUBLE


def weights(*shape):
    return rng.integers(-8, 9, size=shape) / 4


def ints(*values):
    return np.array(values, dtype=np.int64)


def make(name, shape, nodes, constants, opset=17, batch="batch"):
    """One file: nodes are (operator, inputs, output, attributes); the input is x, the output y."""
    graph = helper.make_graph(
        [helper.make_node(op, inputs, [out], name=f"{op}_{k}", **attributes)
         for k, (op, inputs, out, attributes) in enumerate(nodes)],
        name,
        [helper.make_tensor_value_info("x", F8, [batch, *shape])],
        [helper.make_tensor_value_info("y", F8, None)],
        [numpy_helper.from_array(value, key) for key, value in constants.items()])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=8)
    onnx.save(model, HERE / f"{name}.onnx")
    x = rng.normal(size=(4, *shape))
    run = ReferenceEvaluator(model)
    y = np.stack([np.ravel(run.run(None, {"x": sample[None]})[0]) for sample in x])
    np.savez(HERE / f"{name}.npz", x=x.reshape(4, -1), y=y)


make("gemm", [3], [
    ("Gemm", ["x", "A", "a"], "h", {"alpha": 0.5, "beta": 2.0, "transB": 1}),
    ("LeakyRelu", ["h"], "r", {"alpha": 0.25}),
    ("Gemm", ["r", "B"], "s", {}),
    ("Abs", ["s"], "y", {}),
], {"A": weights(5, 3), "a": weights(5), "B": weights(5, 2)})

make("conv2d", [2, 6, 5], [
    ("Conv", ["x", "A", "a"], "h", {"strides": [2, 1], "pads": [1, 0, 2, 1], "dilations": [1, 2], "group": 2}),
    ("BatchNormalization", ["h", "scale", "shift", "mean", "var"], "n", {"epsilon": 0.001}),
    ("Relu", ["n"], "r", {}),
    ("Conv", ["r", "B"], "s", {"auto_pad": "SAME_LOWER", "strides": [2, 2]}),
    ("GlobalAveragePool", ["s"], "g", {}),
    ("Flatten", ["g"], "y", {}),
], {"A": weights(4, 1, 3, 2), "a": weights(4), "B": weights(3, 4, 2, 2),
    "scale": weights(4), "shift": weights(4), "mean": weights(4), "var": np.abs(weights(4)) + 0.5})

make("pools", [1, 7], [
    ("AveragePool", ["x"], "p", {"kernel_shape": [3], "strides": [2], "pads": [1, 1], "count_include_pad": 1}),
    ("Conv", ["p", "A"], "h", {"auto_pad": "SAME_UPPER"}),
    ("PRelu", ["h", "slope"], "r", {}),
    ("AveragePool", ["r"], "q", {"kernel_shape": [2], "auto_pad": "VALID"}),
    ("Squeeze", ["q", "one"], "y", {}),
], {"A": weights(1, 1, 2), "slope": np.array([[0.5]]), "one": ints(1)})

for mode in ("constant", "reflect", "edge", "wrap"):
    make(f"pad_{mode}", [1, 3, 4], [
        ("Pad", ["x", "pads"], "p", {"mode": mode}),
        ("Conv", ["p", "A"], "h", {}),
        ("Relu", ["h"], "y", {}),
    ], {"A": weights(2, 1, 3, 3), "pads": ints(0, 0, 1, 2, 0, 0, 2, 0)}, opset=19)

make("slices_opset9", [2, 5], [
    ("Slice", ["x"], "a", {"axes": [2], "starts": [-2], "ends": [9223372036854775807]}),
    ("Slice", ["x"], "b", {"axes": [2], "starts": [0], "ends": [1]}),
    ("Concat", ["a", "x", "b"], "c", {"axis": 2}),
    ("Unsqueeze", ["c"], "u", {"axes": [1]}),
    ("Transpose", ["u"], "t", {"perm": [0, 2, 3, 1]}),
    ("Squeeze", ["t"], "s", {"axes": [3]}),
    ("ReduceSum", ["s"], "r", {"axes": [1], "keepdims": 0}),
    ("Relu", ["r"], "y", {}),
], {}, opset=9, batch=1)

make("arithmetic", [2, 3], [
    ("Mul", ["x", "m"], "a", {}),
    ("Sub", ["one", "a"], "b", {}),
    ("Div", ["b", "d"], "c", {}),
    ("Neg", ["c"], "e", {}),
    ("Add", ["e", "x"], "f", {}),
    ("Relu", ["f"], "g", {}),
    ("ReduceMean", ["g"], "y", {"axes": [-1], "keepdims": 1}),
], {"m": weights(3), "one": np.array(1.0), "d": np.array([[3.0], [7.0]])})

make("reshape_by_shape", [4, 3], [
    ("Shape", ["x"], "shape", {}),
    ("Gather", ["shape", "zero"], "n", {"axis": 0}),
    ("Unsqueeze", ["n", "zeros"], "n1", {}),
    ("Concat", ["n1", "rest"], "wanted", {"axis": 0}),
    ("Reshape", ["x", "wanted"], "flat", {}),
    ("MatMul", ["flat", "A"], "h", {}),
    ("ConstantOfShape", ["five"], "bias", {"value": numpy_helper.from_array(np.array([0.75]))}),
    ("Add", ["h", "bias"], "hb", {}),
    ("Relu", ["hb"], "r", {}),
    ("Dropout", ["r"], "d", {}),
    ("Cast", ["d"], "k", {"to": F8}),
    ("Gather", ["k", "picks"], "y", {"axis": 1}),
], {"zero": np.array(0, dtype=np.int64), "zeros": ints(0), "rest": ints(-1), "A": weights(12, 5), "five": ints(5),
    "picks": ints(4, 0, -2)})

make("steps", [6], [
    ("Slice", ["x", "starts", "ends", "axes", "by"], "a", {}),
    ("Slice", ["x", "back", "far", "axes", "down"], "b", {}),
    ("Concat", ["a", "b"], "c", {"axis": -1}),
    ("Relu", ["c"], "y", {}),
], {"starts": ints(1), "ends": ints(6), "axes": ints(1), "by": ints(2), "back": ints(-1), "far": ints(-100),
    "down": ints(-2)})
