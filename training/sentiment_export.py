"""Write the encoder as the directory that `--sentiment accurate` reads: whole numbers of a byte, and its card.

python -m training.sentiment_export DATA WORK OUTPUT TEACHER.pt
"""

from __future__ import annotations

import argparse
import random
from pathlib import Path

import numpy as np
import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import nn

from training.sentiment_encoder import SentimentEncoder, load_encoder, predict, read_tokenizer
from training.sentiment_rounding import UNROUNDED, prepare
from training.sentiment_scores import NEUTRAL, Calibration, fit_calibration, macro_f1, write_card
from training.sentiment_teacher import encode_all, load_data
from transforms.sentiment.accurate import AccurateModel
from transforms.sentiment.masking import encode

INPUTS = ("ids", "attention", "target")
SEEN = 256  # training targets by which inputs are known that mustn't be rounded


class Scaled(nn.Module):
    """The encoder with its calibration: logits that are fit to be probabilities."""

    def __init__(self, encoder: SentimentEncoder, fit: Calibration) -> None:
        super().__init__()
        self.encoder, self.fit = encoder, fit
        self.register_buffer("shift", torch.tensor([-fit.shift, 0.0, fit.shift]))

    def forward(
        self, ids: torch.Tensor, attention: torch.Tensor, target: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Logits of the target and of the sentence."""
        aimed, whole = self.encoder(ids, attention, target)
        return aimed / self.fit.target, whole / self.fit.sentence + self.shift


def export(encoder: SentimentEncoder, path: Path, fit: Calibration) -> None:
    """Write `path`, the calibrated network in whole numbers of a byte, once it is prepared for that."""
    whole = path.with_suffix(".float.onnx")
    example = (torch.ones(2, 9, dtype=torch.long), torch.ones(2, 9, dtype=torch.long), torch.tensor([3, 0]))
    torch.onnx.export(
        Scaled(encoder, fit).eval(),
        example,
        str(whole),
        input_names=list(INPUTS),
        output_names=["target_logits", "sentence_logits"],
        dynamic_axes={"ids": {0: "n", 1: "m"}, "attention": {0: "n", 1: "m"}, "target": {0: "n"}},
        opset_version=17,
        dynamo=False,
    )
    nodes = onnx.load(str(whole)).graph.node
    large = [node.name for node in nodes if node.op_type == "MatMul" and f"/{UNROUNDED}/" in node.name]
    quantize_dynamic(
        str(whole),
        str(path),
        op_types_to_quantize=["MatMul"],
        nodes_to_exclude=large,
        per_channel=True,
        weight_type=QuantType.QInt8,
    )
    whole.unlink()


def main() -> None:
    """Calibrate, export, and say how good the exported one is."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("work", type=Path)
    parser.add_argument("output", type=Path)
    parser.add_argument("teacher", type=Path)
    parser.add_argument("--plain", action="store_true", help="without calibration, to label with")
    args = parser.parse_args()
    torch.set_num_threads(1)
    tokenizer = read_tokenizer(args.work)
    model = load_encoder(args.work, torch.load(args.teacher))
    train, _, held = load_data(args.data)
    encoded = encode_all(tokenizer, held)
    truth = np.array([part.polarity for part in held])
    aimed, _ = predict(model, encoded)
    single = [part for part in held if max(part.mood) == 1]
    _, whole = predict(model, [encode(tokenizer, part.text, ()) for part in single])
    moods = np.array([int(np.argmax(part.mood)) for part in single])
    fit = Calibration(1.0, 1.0, 0.0) if args.plain else fit_calibration(truth, aimed, moods, whole)
    print(f"held-out macro-F1 {macro_f1(truth, aimed.argmax(1)):.4f}; {fit}", flush=True)
    args.output.mkdir(parents=True, exist_ok=True)
    prepare(model, encode_all(tokenizer, random.Random(1).sample(train, SEEN)))
    export(model, args.output / "model.onnx", fit)
    tokenizer.save(str(args.output / "tokenizer.json"), pretty=False)
    write_card(args.output, "newsbeam-sentiment-accurate", NEUTRAL, version="2")
    exported, _ = AccurateModel(str(args.output)).run(encoded)
    print(f"exported: held-out macro-F1 {macro_f1(truth, exported.argmax(1)):.4f}")


if __name__ == "__main__":
    main()
