from __future__ import annotations

import re

import pytest

from schemas.records import Entity, Mention, Sentence
from transforms.sentences.segment import split_sentences
from transforms.sentiment.quotes import find_quotes
from transforms.sentiment.speakers import find_speakers

PEOPLE = ("Ann Reed", "Tom Hill", "Reed", "Hill", "Bloom")
SAME = {"Reed": "Ann Reed", "Hill": "Tom Hill"}
ORGS = ("Acme Corp",)


def speakers(text: str) -> list[str | None]:
    """The speaker of each sentence; the names above are the article's entities."""
    sentences = [Sentence(start, end) for start, end in split_sentences(text)]
    names = [*dict.fromkeys(SAME.get(name, name) for name in (*PEOPLE, *ORGS))]
    entities = [Entity(name, name, "ORG" if name in ORGS else "PERSON", None, None, None, 0.5) for name in names]
    mentions = []
    for match in re.finditer("|".join((*PEOPLE, *ORGS)), text):
        index = names.index(SAME.get(match.group(), match.group()))
        sentence = next(i for i, part in enumerate(sentences) if match.start() < part.end_char)
        mentions.append(Mention(*match.span(), entities[index].label, sentence, entity=index))
    found = find_speakers(text, sentences, find_quotes(text), mentions)
    return [None if index is None else names[index] for index in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("“We will win,” said Ann Reed.", ["Ann Reed"]),
        ("“We will win,” Ann Reed said.", ["Ann Reed"]),
        ('"We will win," said Mayor Ann Reed.', ["Ann Reed"]),
        ("“We will win,” said the party’s leader, Ann Reed, on Monday.", ["Ann Reed"]),
        ("“We will win,” Ann Reed, the mayor, told reporters.", ["Ann Reed"]),
        ("Ann Reed said: “We will win.”", ["Ann Reed"]),
        ("Ann Reed later told reporters on Monday that the plan was “a disaster”.", ["Ann Reed"]),
        ("According to Ann Reed, the plan was “a disaster”.", ["Ann Reed"]),
        ("The plan was “a disaster”, according to Ann Reed.", ["Ann Reed"]),
        ("“We regret this,” Acme Corp wrote on Monday.", ["Acme Corp"]),
        ("Ann Reed called Tom Hill “a liar”.", ["Ann Reed"]),
        ("Ann Reed, who has led the office since 2011, said, “We will win.”", ["Ann Reed"]),
        ("Ann Reed, said, “We will win.”", ["Ann Reed"]),
        # Nobody, or nobody plainly.
        ("Speaking on ABC’s “This Week,” Ann Reed spoke of taxes.", [None]),
        ("As he told Tom Hill, he is tired. “I rest,” he said.", [None, None]),
        ("“We will win,” said the mayor.", [None]),
        ("Ann Reed met Tom Hill. “We will win,” he said.", [None, None]),
        ("Ann Reed went home. Nobody saw “Annie Hall”.", [None, None]),
        ("Ann Reed said she was tired.", [None]),
        ("A source close to Ann Reed told reporters that the plan was “a disaster”.", [None]),
        ("“We will win,” a spokesman for Ann Reed said.", [None]),
        ("“We will win,” said a spokesman for Mayor Ann Reed.", [None]),
        # Pronouns, one person alone.
        ("Ann Reed came home late. “I am tired,” she said.", [None, "Ann Reed"]),
        ("“We will win,” said Ann Reed. “We always do,” she added.", ["Ann Reed", "Ann Reed"]),
        # Quotations that go on.
        ("“We will win,” said Ann Reed. “We always do. Ask anybody.”", ["Ann Reed", "Ann Reed", "Ann Reed"]),
        ("Ann Reed said: “First.\n\n“Second.”", ["Ann Reed", "Ann Reed"]),
        ("“We will win.”\n\n“Nonsense,” said Tom Hill.", [None, "Tom Hill"]),
        ("“Why?” said Ann Reed. “Because,” said Tom Hill.", ["Ann Reed", "Tom Hill"]),
        ("No quotation here, said Ann Reed.", [None]),
    ],
)
def test_speakers(text: str, expected: list[str | None]) -> None:
    found = speakers(text)
    assert [voice for voice in found if voice] == [voice for voice in expected if voice]
    assert len(found) == len(split_sentences(text))
    if len(expected) == len(found):
        assert found == expected


def test_nothing_without_sentences_or_quotations() -> None:
    assert find_speakers("", (), (), ()) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # A name that only describes the speaker.
        ("“We will win,” said Hill campaign manager Ann Reed.", ["Ann Reed"]),
        ("“We will win,” said former Acme Corp director Ann Reed.", ["Ann Reed"]),
        ("“We will win,” the Acme Corp spokesman quoted Ann Reed as saying.", ["Ann Reed"]),
        ("“We will win,” Acme Corp’s annual report said.", ["Acme Corp"]),
        # What stands between the verb and the quotation, and verbs that only bring it in.
        ("Ann Reed said of the U.N., “We will win.”", ["Ann Reed"]),
        ("Ann Reed took the floor to say, “We will win.”", ["Ann Reed"]),
        ("Ann Reed, 41, added a line to the list: “We will win.”", ["Ann Reed"]),
        # What is reported before goes on as a quotation.
        ("People are tired, says Ms. Reed. “They want it over.”", [None, "Ann Reed"]),
        ("Ann Reed said that people are tired. “They want it over.”", [None, "Ann Reed"]),
        ("Ann Reed said that people are tired. “They want it over,” said one neighbour.", [None, None]),
        # Paragraphs that go on.
        ("“We will win,” said Ann Reed.\n\n“We always do.”", ["Ann Reed", "Ann Reed"]),
        ("“We will win,” said Ann Reed.\n\nIt rained.\n\n“We always do.”", ["Ann Reed", None, None]),
        # Pronouns: the last who spoke, and where one voice alone speaks.
        ("“We will win,” said Ann Reed. She met Tom Hill.\n\n“We do,” she said.", ["Ann Reed", None, "Ann Reed"]),
        ("“We will win,” said Ann Reed.\n\nTom Hill left.\n\n“We do,” she said.", ["Ann Reed", None, None]),
        # The object of the verb of saying, and the office of somebody.
        ("“We will win,” he told Ann Reed.", [None]),
        ("Ann Reed came home late. “I am tired,” the mayor said.", [None, "Ann Reed"]),
        # Marks of two shapes.
        ('"We will win,” said Ann Reed. "We always do," she said.', ["Ann Reed", "Ann Reed"]),
    ],
)
def test_speakers_of_harder_quotations(text: str, expected: list[str | None]) -> None:
    assert speakers(text) == expected
