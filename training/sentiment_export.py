"""Write the encoder as the directory that `--sentiment accurate` reads: whole numbers of a byte, and its card.

python -m training.sentiment_export WORK TEACHER.pt OUTPUT
"""

from __future__ import annotations

import argparse
from pathlib import Path

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from tokenizers import Tokenizer
from torch import nn

from training.sentiment_encoder import SentimentEncoder
from training.sentiment_scores import write_card

INPUTS = ("ids", "attention", "target")


class Scaled(nn.Module):
    """The encoder with its temperatures: logits that are fit to be probabilities."""

    def __init__(self, encoder: SentimentEncoder, target: float, sentence: float) -> None:
        super().__init__()
        self.encoder, self.target, self.sentence = encoder, target, sentence

    def forward(
        self, ids: torch.Tensor, attention: torch.Tensor, target: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Logits of the target and of the sentence."""
        aimed, whole = self.encoder(ids, attention, target)
        return aimed / self.target, whole / self.sentence


def export(encoder: SentimentEncoder, path: Path, target: float = 1.0, sentence: float = 1.0) -> None:
    """Write `path`, the network in int8; `target` and `sentence` are the temperatures."""
    whole = path.with_suffix(".float.onnx")
    example = (torch.ones(2, 9, dtype=torch.long), torch.ones(2, 9, dtype=torch.long), torch.tensor([3, 0]))
    torch.onnx.export(
        Scaled(encoder, target, sentence).eval(),
        example,
        str(whole),
        input_names=list(INPUTS),
        output_names=["target_logits", "sentence_logits"],
        dynamic_axes={"ids": {0: "n", 1: "m"}, "attention": {0: "n", 1: "m"}, "target": {0: "n"}},
        opset_version=17,
        dynamo=False,
    )
    quantize_dynamic(str(whole), str(path), per_channel=True, weight_type=QuantType.QInt8)
    whole.unlink()


def main() -> None:
    """Export one encoder."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("work", type=Path)
    parser.add_argument("teacher", type=Path)
    parser.add_argument("output", type=Path)
    parser.add_argument("--temperatures", type=float, nargs=2, default=(1.0, 1.0))
    parser.add_argument("--neutral", type=float, default=0.3)
    args = parser.parse_args()
    tokenizer = Tokenizer.from_file(str(args.work / "tokenizer.json"))
    encoder = SentimentEncoder(tokenizer.get_vocab_size())
    encoder.load_state_dict(torch.load(args.teacher))
    args.output.mkdir(parents=True, exist_ok=True)
    export(encoder, args.output / "model.onnx", *args.temperatures)
    tokenizer.save(str(args.output / "tokenizer.json"), pretty=False)
    write_card(args.output, "newsbeam-sentiment-accurate", args.neutral)


if __name__ == "__main__":
    main()
