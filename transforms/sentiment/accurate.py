"""The engine `accurate`: an encoder in whole numbers of a byte, run by onnxruntime. It reads each sentence once a name.

It is an extra (`pip install newsbeam[accurate]`), its model a directory of its own, local or on Cloud Storage.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from schemas.records import Mention
from transforms.sentiment.files import read_card, read_model
from transforms.sentiment.masking import Encoded, encode
from transforms.sentiment.model import TARGETS, Answers, Reading, Scores, to_scores
from transforms.sentiment.prior import read_priors

NETWORK, TOKENIZER = "model.onnx", "tokenizer.json"


class AccurateModel:
    """The encoder and its `tokenizer`.

    Args:
        folder: directory of the model, local or `gs://`.

    Raises:
        ImportError: the extra isn't installed.
        ModelFileError: a file is missing or damaged.
    """

    def __init__(self, folder: str) -> None:
        import onnxruntime  # noqa: PLC0415, an extra
        from tokenizers import Tokenizer  # noqa: PLC0415, an extra

        card = read_card(folder)
        content = read_model(folder, card)
        self.neutral = float(card["neutral"])
        self.priors = read_priors(card)
        options = onnxruntime.SessionOptions()
        # One process is one worker; more threads in it would fight the other workers for the cores.
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(content[NETWORK], options, providers=["CPUExecutionProvider"])
        self.tokenizer = Tokenizer.from_str(content[TOKENIZER].decode())

    def answer(self, readings: Sequence[Reading]) -> list[Answers]:
        """See `Network`."""
        encoded: list[Encoded] = []
        bounds = []
        for reading in readings:
            first = len(encoded)
            encoded += self._encode(reading)
            bounds.append((first, first + len(reading.sentences), len(encoded)))
        aimed, whole = self.run(encoded)
        return [Answers(aimed[names:end], whole[first:names]) for first, names, end in bounds]

    def score(self, readings: Sequence[Reading]) -> list[Scores]:
        """See `SentimentModel`."""
        answers = self.answer(readings)
        return [to_scores(part, found, self.priors) for part, found in zip(readings, answers, strict=True)]

    def _encode(self, reading: Reading) -> list[Encoded]:
        """A reading's sentences as they are, then its names' sentences, each with the name masked."""
        text = reading.text
        encoded = [encode(self.tokenizer, text[part.start_char : part.end_char], ()) for part in reading.sentences]
        names: dict[int, list[Mention]] = {}
        for mention in reading.mentions:
            if mention.label in TARGETS:
                names.setdefault(mention.sentence_index, []).append(mention)
        for mention in reading.mentions:
            if mention.label in TARGETS:
                sentence = reading.sentences[mention.sentence_index]
                spans = [
                    (part.start_char - sentence.start_char, part.end_char - sentence.start_char)
                    for part in (mention, *names[mention.sentence_index])
                    if part is mention or (mention.entity is not None and part.entity == mention.entity)
                ]
                spans = list(dict.fromkeys(spans))
                encoded.append(encode(self.tokenizer, text[sentence.start_char : sentence.end_char], spans))
        return encoded

    def run(self, encoded: Sequence[Encoded], together: int = 1) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Logits (n, 3) toward targets and of sentences.

        The network rounds by the range of what it reads at once, so that in a batch a sentence's neighbours move its
        score, by .02 on average. `together` sentences of like length go in one; a run's go one by one, which takes a
        quarter longer.
        """
        aimed = np.zeros((len(encoded), 3), np.float32)
        whole = np.zeros_like(aimed)
        order = sorted(range(len(encoded)), key=lambda row: len(encoded[row].ids))
        for first in range(0, len(order), together):
            rows = order[first : first + together]
            aimed[rows], whole[rows] = self._session.run(None, _inputs([encoded[row] for row in rows]))
        return aimed, whole


def _inputs(encoded: Sequence[Encoded]) -> dict[str, NDArray[np.int64]]:
    """What the network reads: pieces filled up to the longest, which of them count, and the targets' places."""
    ids = np.zeros((len(encoded), max(len(part.ids) for part in encoded)), np.int64)
    attention = np.zeros_like(ids)
    for row, part in enumerate(encoded):
        ids[row, : len(part.ids)] = part.ids
        attention[row, : len(part.ids)] = 1
    return {"ids": ids, "attention": attention, "target": np.array([part.target for part in encoded], np.int64)}
