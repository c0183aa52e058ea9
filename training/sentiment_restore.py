"""The encoder of a directory that `training.sentiment_export` wrote, its whole numbers as floats again, to go on from."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from tokenizers import Tokenizer
from torch import nn

from training.sentiment_bases import MPNet
from training.sentiment_encoder import SentimentEncoder
from training.sentiment_rounding import UNROUNDED
from transforms.sentiment.accurate import NETWORK, TOKENIZER

PREFIX = "encoder."
LAYER = re.compile(r"/encoder/(?P<path>.+?)(?:/(?:MatMul|Gemm\w*))?_quant$")


def restore(folder: Path) -> tuple[SentimentEncoder, Tokenizer]:
    """The encoder and its tokenizer; what rounding took from the weights stays lost, and its calibration is left out.

    Raises:
        ValueError: the file lacks weights of the encoder.
    """
    tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
    graph = onnx.load(str(folder / NETWORK)).graph
    stored = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
    state = {name.removeprefix(PREFIX): value for name, value in stored.items() if name.startswith(PREFIX)}
    words = "body.embeddings.word_embeddings"
    state[f"{words}.weight"] = state.pop(f"{words}.rows").astype(np.float32) * state.pop(f"{words}.scales")
    for node in graph.node:
        if node.op_type == "MatMulInteger":
            path = _layer(node.name)
            name = node.input[1].removesuffix("_quantized")
            state[f"{path}.weight"] = (stored[node.input[1]].astype(np.float32) * stored[f"{name}_scale"]).T
    for node in graph.node:
        if node.op_type == "MatMul" and f"/{UNROUNDED}/" in node.name:
            path = _layer(node.name.replace(f"/{UNROUNDED}/MatMul", "/layer/MatMul_quant"))
            chosen = state[path.removesuffix(".layer") + ".chosen"]
            state[f"{path}.weight"][:, chosen] = stored[node.input[1]].T
    model = SentimentEncoder(MPNet(), len(state[f"{words}.weight"]))
    wanted = model.state_dict()
    found = {name.replace(".dense.layer.", ".dense."): value for name, value in state.items()}
    weights = {name: torch.tensor(np.asarray(found[name])) for name in wanted if name in found}
    if missing := sorted(set(wanted) - set(weights)):
        raise ValueError(f"{folder}/{NETWORK} lacks {missing[:5]}")
    model.load_state_dict(weights)
    return model, tokenizer


def _layer(name: str) -> str:
    match = LAYER.match(name)
    if match is None:
        raise ValueError(f"no layer: {name}")
    return match["path"].replace("/", ".").replace("_Gemm", "")


def freeze_below(model: SentimentEncoder, layer: int) -> list[nn.Parameter]:
    """The parameters that learn: those of the heads and of the layers from `layer` on."""
    chosen = []
    for name, parameter in model.named_parameters():
        match = re.match(r"body\.encoder\.layer\.(\d+)\.", name)
        parameter.requires_grad_(not name.startswith("body") or bool(match and int(match[1]) >= layer))
        if parameter.requires_grad:
            chosen.append(parameter)
    return chosen
