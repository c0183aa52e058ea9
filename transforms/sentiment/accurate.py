"""The engine `accurate`: an encoder in whole numbers of four bits, run by onnxruntime. It reads a sentence once a name.

Names that are so plainly neutral that `fast` says so it doesn't read, nor sentences without another name.
It is an extra (`pip install newsbeam[accurate]`), its model a directory of its own, local or on Cloud Storage.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from schemas.records import Mention
from transforms.sentiment.fast import FastSentiment
from transforms.sentiment.files import read_card, read_model
from transforms.sentiment.masking import Encoded, encode
from transforms.sentiment.model import TARGETS, Answers, MaskedArticle, Scores, to_scores
from transforms.sentiment.prior import read_priors

# How likely `fast` must find it that a name is spoken of neutrally, so that the encoder needn't read it: 98 in 100 of
# these are, as two people read them, and macro-F1 over all names stays the same.
SURE, NEUTRAL = 0.95, 1
NETWORK, TOKENIZER = "model.onnx", "tokenizer.json"


class Screened(NamedTuple):
    """What `fast` makes of a reading: which names it is sure to be neutral, and the sentences' logits (n, 3).

    The priors of `accurate` make the probabilities of `fast` of them.
    """

    sure: NDArray[np.bool_]
    sentences: NDArray[np.float32]


class AccurateModel:
    """The encoder and its `tokenizer`.

    Args:
        folder: directory of the model, local or `gs://`.
        screen: what leaves out names that are plainly neutral; None reads all of them, and all sentences.

    Raises:
        ImportError: the extra isn't installed.
        ModelFileError: a file is missing or damaged.
    """

    def __init__(self, folder: str, screen: FastSentiment | None = None) -> None:
        import onnxruntime  # noqa: PLC0415, an extra
        from tokenizers import Tokenizer  # noqa: PLC0415, an extra

        card = read_card(folder)
        content = read_model(folder, card)
        self.neutral = float(card["neutral"])
        self.priors = read_priors(card)
        self.screen = screen
        options = onnxruntime.SessionOptions()
        # One process is one worker; more threads in it would fight the other workers for the cores.
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(content[NETWORK], options, providers=["CPUExecutionProvider"])
        self.tokenizer = Tokenizer.from_str(content[TOKENIZER].decode())

    def answer(self, readings: Sequence[MaskedArticle]) -> list[Answers]:
        """See `StanceModel`. A name that isn't read has logits of which the prior makes the probabilities of `fast`."""
        return [self._answer(reading) for reading in readings]

    def score(self, readings: Sequence[MaskedArticle]) -> list[Scores]:
        """See `SentimentModel`."""
        answers = self.answer(readings)
        return [to_scores(part, found, self.priors) for part, found in zip(readings, answers, strict=True)]

    def _answer(self, reading: MaskedArticle) -> Answers:
        """A reading's answers: one pass for each name that isn't surely neutral.

        A sentence's own logits are the mean over its passes; those of one without are what `fast` says, or a pass's.
        """
        names = [part for part in reading.mentions if part.label in TARGETS]
        aimed = np.zeros((len(names), 3), np.float32)
        whole = np.zeros((len(reading.sentences), 3), np.float32)
        passes = np.zeros((len(reading.sentences), 1), np.float32)
        known = self._screen(reading, aimed)
        sure = np.zeros(len(names), bool) if known is None else known.sure
        read = [index for index in range(len(names)) if not sure[index]]
        found = self.run([mask_name(self.tokenizer, reading, names, names[index]) for index in read])
        for index, toward, around in zip(read, *found, strict=True):
            aimed[index] = toward
            whole[names[index].sentence_index] += around
            passes[names[index].sentence_index] += 1
        rest = np.flatnonzero(passes[:, 0] == 0).tolist()
        if known is None:
            parts = [reading.sentences[index] for index in rest]
            plain = [encode(self.tokenizer, reading.text[part.start_char : part.end_char], ()) for part in parts]
            whole[rest] = self.run(plain)[1]
        else:
            whole[rest] = known.sentences[rest]
        whole /= np.maximum(passes, 1)
        return Answers(aimed, whole)

    def _screen(self, reading: MaskedArticle, aimed: NDArray[np.float32]) -> Screened | None:
        """What `fast` says of a reading; the logits of names that it is sure about go into `aimed`. None without it."""
        if self.screen is None:
            return None
        (answers,) = self.screen.answer([reading])
        probable = self.screen.priors.names.apply(answers.names)
        sure: NDArray[np.bool_] = probable[:, NEUTRAL] >= SURE
        aimed[sure] = self.priors.names.logits_of(probable[sure])
        around = self.screen.priors.sentences.apply(answers.sentences)
        return Screened(sure, self.priors.sentences.logits_of(around))

    def run(self, encoded: Sequence[Encoded]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Logits (n, 3) toward targets and of sentences.

        One by one: in a batch a sentence's neighbours would move its score a little, and it isn't faster.
        """
        aimed = np.zeros((len(encoded), 3), np.float32)
        whole = np.zeros_like(aimed)
        for row, part in enumerate(encoded):
            ids = np.array([part.ids], np.int64)
            inputs = {"ids": ids, "attention": np.ones_like(ids), "target": np.array([part.target], np.int64)}
            (aimed[row],), (whole[row],) = self._session.run(None, inputs)
        return aimed, whole


def mask_name(tokenizer: Any, reading: MaskedArticle, names: Sequence[Mention], name: Mention) -> Encoded:
    """A name's sentence as word pieces, its mentions in that sentence masked, and no other name."""
    sentence = reading.sentences[name.sentence_index]
    same = [
        part
        for part in names
        if part.sentence_index == name.sentence_index and part.entity is not None and part.entity == name.entity
    ]
    spans = [(part.start_char - sentence.start_char, part.end_char - sentence.start_char) for part in (name, *same)]
    return encode(tokenizer, reading.text[sentence.start_char : sentence.end_char], list(dict.fromkeys(spans)))
