"""The engine `accurate`: an encoder in whole numbers of a byte, run by onnxruntime. It reads each sentence once a name.

It is an extra (`pip install newsbeam[accurate]`), its model a directory of its own, local or on Cloud Storage.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from schemas.records import Mention, Stance
from transforms.sentiment.fast import softmax, to_scores
from transforms.sentiment.files import read_card, read_model
from transforms.sentiment.masking import Encoded, encode
from transforms.sentiment.model import TARGETS, MaskedArticle, Scores

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
        options = onnxruntime.SessionOptions()
        # One process is one worker; more threads in it would fight the other workers for the cores.
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(content[NETWORK], options, providers=["CPUExecutionProvider"])
        self.tokenizer = Tokenizer.from_str(content[TOKENIZER].decode())

    def score(self, articles: Sequence[MaskedArticle]) -> list[Scores]:
        """See `SentimentModel`."""
        encoded: list[Encoded] = []
        for reading in articles:
            encoded += self._encode(reading)
        aimed, whole = self.answer(encoded)
        mentions, stances = to_scores(aimed), [Stance(*row) for row in aimed.tolist()]
        moods = to_scores(whole)
        found, row = [], 0
        for reading in articles:
            sentences = moods[row : row + len(reading.sentences)]
            row += len(reading.sentences)
            scores: list[float | None] = [None] * len(reading.mentions)
            probable: list[Stance | None] = [None] * len(reading.mentions)
            for index, mention in enumerate(reading.mentions):
                if mention.label in TARGETS:
                    scores[index], probable[index] = mentions[row], stances[row]
                    row += 1
            found.append(Scores(sentences, scores, probable))
        return found

    def _encode(self, reading: MaskedArticle) -> list[Encoded]:
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

    def answer(self, encoded: Sequence[Encoded]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Probabilities (n, 3) toward targets and of sentences.

        One by one: the network rounds by the range of what it reads at once, so that in a batch a sentence's neighbours
        would move its score. It takes a seventh longer.
        """
        aimed = np.zeros((len(encoded), 3), np.float32)
        whole = np.zeros_like(aimed)
        for row, part in enumerate(encoded):
            ids = np.array([part.ids], np.int64)
            inputs = {"ids": ids, "attention": np.ones_like(ids), "target": np.array([part.target], np.int64)}
            (aimed[row],), (whole[row],) = self._session.run(None, inputs)
        return softmax(aimed), softmax(whole)
