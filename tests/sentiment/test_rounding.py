"""Rounding the encoder's weights to four bits, and writing them as onnxruntime reads them."""

from __future__ import annotations

import pytest

pytest.importorskip("torch", reason="the extra `train` isn't installed")
pytest.importorskip("transformers", reason="the extra `train` isn't installed")
pytest.importorskip("onnx", reason="the extra `train` isn't installed")
pytest.importorskip("onnxruntime", reason="the extra `train` isn't installed")

import onnx
import torch
from onnx import helper, numpy_helper
from onnxruntime import InferenceSession

from training.sentiment_four_bits import replace_products
from training.sentiment_gptq import BLOCK, HIGHEST, LOWEST, Rounded, round_weight


def inputs_and_weight() -> tuple[torch.Tensor, torch.Tensor]:
    """Inputs that hang together and one of which is very large, as an encoder's do; and weights for them."""
    torch.manual_seed(1)
    inputs = torch.randn(500, 8) @ torch.randn(8, 2 * BLOCK) + 0.3 * torch.randn(500, 2 * BLOCK)
    inputs[:, 3] *= 30
    return inputs, torch.randn(24, 2 * BLOCK)


def test_what_a_layer_answers_changes_less_than_by_rounding_to_the_nearest() -> None:
    inputs, weight = inputs_and_weight()
    found, _ = round_weight(weight, inputs.T @ inputs)
    nearest, _ = round_weight(weight, torch.eye(2 * BLOCK))
    right = inputs @ weight.T
    assert (inputs @ found.T - right).norm() < 0.5 * (inputs @ nearest.T - right).norm()
    assert (nearest - weight).norm() < 0.12 * weight.norm()


def test_weights_are_whole_numbers_times_the_scale_of_their_block() -> None:
    inputs, weight = inputs_and_weight()
    found, (codes, scales) = round_weight(weight, inputs.T @ inputs)
    assert codes.min() >= LOWEST
    assert codes.max() <= HIGHEST
    assert torch.equal(found, codes * scales.repeat_interleave(BLOCK, 1))


def test_onnxruntime_reads_them_as_they_were_rounded() -> None:
    inputs, weight = inputs_and_weight()
    found, rounded = round_weight(weight, inputs.T @ inputs)
    sides = [helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, ["n", None]) for name in ("x", "y")]
    constant = numpy_helper.from_array(weight.T.numpy().copy(), "weights")
    node = helper.make_node("MatMul", ["x", "weights"], ["y"], "/some/layer/MatMul")
    graph = helper.make_graph([node], "one", sides[:1], sides[1:], [constant])
    replace_products(graph, {"some.layer": Rounded(*rounded)})
    opsets = [helper.make_opsetid("", 17), helper.make_opsetid("com.microsoft", 1)]
    content = helper.make_model(graph, opset_imports=opsets, ir_version=9).SerializeToString()
    (answer,) = InferenceSession(content, providers=["CPUExecutionProvider"]).run(None, {"x": inputs.numpy()})
    right = inputs @ found.T
    # Inputs are rounded too, to a byte.
    assert (torch.from_numpy(answer) - right).norm() < 0.02 * right.norm()
