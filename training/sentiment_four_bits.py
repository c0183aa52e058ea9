"""Write the tuned encoder in four bits a weight, as a directory that `--sentiment accurate` reads, and its card.

    python -m training.sentiment_four_bits DATA WORK OUTPUT

Reads `WORK/tuned.pt`, and `WORK/candidates.jsonl.gz` for sentences as the encoder will read them. Vectors of words are
whole numbers of a byte. Its products want onnxruntime 1.19.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import helper, numpy_helper
from tokenizers import Tokenizer
from torch import nn

from training.sentiment_encoder import SentimentEncoder, load_encoder, read_tokenizer
from training.sentiment_examples import read_labelled
from training.sentiment_gptq import BLOCK, LOWEST, Rounded, round_layers
from training.sentiment_label import passes
from training.sentiment_mpnet import LAYERS
from training.sentiment_scores import NEUTRAL, macro_f1, write_card
from training.sentiment_teacher import encode_all, load_data
from transforms.sentiment.accurate import NETWORK, TOKENIZER, AccurateModel
from transforms.sentiment.masking import Encoded

INPUTS = ("ids", "attention", "target")
SEEN = 384  # sentences by which layers are rounded
CONTRIBUTED = "com.microsoft"  # where onnxruntime has what multiplies by rounded weights
WHOLE_INPUTS = 4  # its word for: inputs in whole numbers of a byte, every `BLOCK` of a piece with a scale of its own


def export(encoder: SentimentEncoder, path: Path, rounded: Mapping[str, Rounded]) -> None:
    """Write `path`, the network; those of its layers that are `rounded`, by name, in four bits a weight."""
    example = (torch.ones(2, 9, dtype=torch.long), torch.ones(2, 9, dtype=torch.long), torch.tensor([3, 0]))
    torch.onnx.export(
        encoder.eval(),
        example,
        str(path),
        input_names=list(INPUTS),
        output_names=["target_logits", "sentence_logits"],
        dynamic_axes={"ids": {0: "n", 1: "m"}, "attention": {0: "n", 1: "m"}, "target": {0: "n"}},
        opset_version=17,
        dynamo=False,
    )
    model = onnx.load(str(path))
    replace_products(model.graph, rounded)
    model.opset_import.append(helper.make_opsetid(CONTRIBUTED, 1))
    onnx.save(model, str(path))


def replace_products(graph: onnx.GraphProto, rounded: Mapping[str, Rounded]) -> None:
    """Have the products of rounded layers read whole numbers, two in a byte."""
    weights = {one.name: one for one in graph.initializer}
    for place, node in enumerate(list(graph.node)):
        name = node.name.removeprefix("/").removesuffix("/MatMul").replace("/", ".")
        if node.op_type != "MatMul" or name not in rounded:
            continue
        graph.initializer.remove(weights[node.input[1]])
        inputs = [node.input[0]]
        for kind, values in zip(("codes", "scales"), packed(rounded[name]), strict=True):
            inputs.append(f"{name}.{kind}")
            graph.initializer.append(numpy_helper.from_array(values, inputs[-1]))
        outputs, width = rounded[name].codes.shape
        shape = {"K": width, "N": outputs, "bits": 4, "block_size": BLOCK, "accuracy_level": WHOLE_INPUTS}
        product = helper.make_node("MatMulNBits", inputs, list(node.output), node.name, domain=CONTRIBUTED, **shape)
        del graph.node[place]
        graph.node.insert(place, product)


def packed(rounded: Rounded) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
    """Whole numbers as onnxruntime reads them, from 0 on and the first of each two in a byte's lower half; scales."""
    codes = (rounded.codes.numpy().astype(np.int16) - LOWEST).astype(np.uint8)
    codes = codes.reshape(len(codes), -1, BLOCK)
    return codes[:, :, 0::2] | codes[:, :, 1::2] << 4, rounded.scales.numpy().astype(np.float32).ravel()


class RoundedEmbedding(nn.Module):
    """Vectors of words in whole numbers of a byte, each with a scale of its own."""

    def __init__(self, embedding: nn.Embedding) -> None:
        super().__init__()
        weight = embedding.weight.data
        scales = weight.abs().amax(1, keepdim=True).clamp(min=1e-8) / 127
        self.register_buffer("rows", torch.round(weight / scales).to(torch.int8))
        self.register_buffer("scales", scales)

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        """The vectors."""
        return self.rows[ids].float() * self.scales[ids]


def sentences_seen(work: Path, tokenizer: Tokenizer) -> list[Encoded]:
    """Sentences as the encoder will read them, by which its layers are rounded."""
    records = [record for record in read_labelled(work / "candidates.jsonl.gz") if record["targets"]]
    return [passes(tokenizer, record)[0] for record in random.Random(1).sample(records, SEEN)]


def main() -> None:
    """Round, export, and say how good the exported one is on targets that were chosen."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("work", type=Path)
    parser.add_argument("output", type=Path)
    args = parser.parse_args()
    torch.set_num_threads(1)
    tokenizer = read_tokenizer(args.work)
    model = load_encoder(args.work, torch.load(args.work / "tuned.pt"))
    rounded = round_layers(model, sentences_seen(args.work, tokenizer), range(LAYERS))
    model.body.embeddings.word_embeddings = RoundedEmbedding(model.body.embeddings.word_embeddings)
    args.output.mkdir(parents=True, exist_ok=True)
    export(model, args.output / NETWORK, rounded)
    tokenizer.save(str(args.output / TOKENIZER), pretty=False)
    write_card(args.output, "newsbeam-sentiment-accurate", NEUTRAL, version="3")
    _, held = load_data(args.data)
    exported, _ = AccurateModel(str(args.output)).run(encode_all(tokenizer, held))
    truth = np.array([part.polarity for part in held])
    print(f"exported: held-out macro-F1 {macro_f1(truth, exported.argmax(1)):.4f}")


if __name__ == "__main__":
    main()
