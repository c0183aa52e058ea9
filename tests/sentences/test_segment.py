"""`split_sentences`: a golden list of what news text does with full stops, and what holds for every string."""

import json
import random
import textwrap
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.sentences.abbreviations import starts_sentence, stop_ends_sentence
from transforms.sentences.segment import MAX_CHARS, split_sentences

DATA = Path(__file__).parents[1] / "../shared/data"

# Each case is a text with `|` in place of the space (or of nothing, where none stands there) between its sentences.
GOLDEN = [
    "The council met. | It adjourned at noon. | Nobody spoke.",
    "Exports to the U.S. fell again.",
    "She moved to the U.S. | The family followed in 2009.",
    "He flew back to the U.S. | But his passport had expired.",
    "U.S. President Alma Reyes met U.K. Prime Minister Tom Hale.",
    "The U.S. Senate and the U.N. Security Council disagreed.",
    'Aid comes from the U.S. | "We owe them everything," the mayor said.',
    "She lives in Washington, D.C. | Ohio is where she grew up.",
    "George W. Bush met John F. Kennedy Jr. at a gala.",
    "J.K. Rowling and J. R. R. Tolkien sold well. | Both were translated.",
    "Robert E. Kelly, a professor, disagreed. | C. A. Tripp did not.",
    "It began before World War I. | The treaty came later.",
    "He asked for Plan B. | Nobody had one.",
    "Mr. Ortiz and Mrs. Dunn called Dr. Who. | Ms. Park did not answer.",
    "Sen. Ann Cole, Rep. Joe Tamm and Gov. Lee Marsh spoke.",
    "Lt. Gov. Dan Frost, Gen. Ivy Noble and Prof. Max Stein left early.",
    "then-Sen. Paul Adler voted no. | Then-Gov. Rita Bloom signed it.",
    "Senators from both parties, among them Sens. Lou Grant and May Field, objected.",
    "REP. NORA QUINN: No one wants that.",
    "He was born in St. Louis near St. Mary's. | She works on Wall St. | The bank closed.",
    "Martin Luther King Jr. Day falls on Monday. | He named his son Sam Jr. | They call him Junior.",
    "Acme Inc. said Borg Corp. and Delta Co. would merge with Echo Ltd. in May.",
    "The plant belongs to Acme Inc. | It opened in 1999.",
    "Acme Inc. Chief Executive Joan Bell resigned.",
    "Shares of Acme Corp. (ACME) rose 2.5 percent to $1.5 billion. | Analysts cheered.",
    "The vote was on Jan. 6 and again on Sept. 14. | It failed twice.",
    "It reached No. 10 on the list. | No. 1 was out of reach.",
    'He said no. | "No. | I will not," she said.',
    "Voters passed Prop. 64 in November. | Prop. 65 failed.",
    "Polls close at 8 p.m. Tuesday in Ohio.",
    "Polls close at 8 p.m. ET. | Results follow.",
    "It began at 9 a.m. | The judge was late.",
    "At 10:05 p.m. Lisbon time the lights went out.",
    "Updated at 5:18p.m. EST with a quote.",
    "Some fruits, e.g. Bramley apples, i.e. cooking apples, keep well.",
    "It was Smith vs. Jones, or State v. Jones, in court. | Jones won.",
    "They sell nails, screws, etc. and glue.",
    "They sell nails, screws, etc. | Prices vary.",
    "Rep. Ted Moss, D-Calif., and Sen. Amy Rowe (R-Fla.) agreed. | Sen. Poe (D-N.Y.) did not.",
    "The plant is in Fresno, Calif. | It employs 300.",
    "The rally in Tulsa, Okla. | Trumpeters led the march.",
    "Outside Boulder, Colo. Mayor Jill Ames spoke.",
    "Mass. Gov. Dee Park vetoed the N.Y. Supreme Court plan.",
    "PABLO, Mont. (AP) — The attorney general spoke. | He left.",
    "DOVER, Del. — The company sued.",
    "WASHINGTON (AP) — The Senate voted 51-49. | The House did not.",
    "SEOUL, Jan. 5 (Reuters) - The army said no.",
    "Ms. Ray has a Ph.D. from M.I.T. and an M.B.A. | She is 40.",
    "Growth was 2.5 percent, or $1.5 trillion. | That is 0.3 points up.",
    "Amazon.com said it would buy Example.org for $3. | The site www.example.com/a.b?c=d.e stays.",
    "The archive is at Example.Com today.",
    "It ended.|The next day was calm.",
    "“It is over.”|“We won.” | She cheered.",
    "Prices fell!|Nobody knew why.",
    "The tool runs on Node.js and ASP.Net under version 2.0.Final rules.",
    "He waited … and waited ... and left.",
    "He waited... | But nobody came.",
    "We did what we could ... | The rest is history.",
    "The best of ... President Hale's years.",
    "They are gone. ... | Right now we rebuild.",
    "They are gone. | …And then they came back.",
    "It goes on . . . and on.",
    '"I will go." | He left.',
    '"Stop!" she said.',
    '"Why now?" asked Cole. | Nobody knew.',
    '"Why now?" Mr. Cole asked.',
    '"Why now?" Mr. Cole said Monday.',
    '"Why now?" | Mr. Cole said he knew.',
    "The then-U.N. Ambassador Sue Reece spoke.",
    "“Will it pass?” Senator Dee Park wondered aloud. | It did.",
    '"Lock it up!" | The crowd roared.',
    "‘We won.’ | ‘They lost.’ | It rained.",
    "“He told me, ‘Go away.’ ” | She did.",
    "She said “no.” | Then “yes.”",
    "(He declined to comment.) | She did not.",
    "The firm (once Acme!) Borg bought it.",
    "He left (in a hurry). | She stayed.",
    "Really?! | No way!! | Yes.",
    "Yahoo! said on Monday that Yahoo! News would close. | It did.",
    "He asked three things: who, why; and when. | Nobody answered.",
    "• First item. | • Second item. | • third item.",
    "1. Read the bill. | 2. Vote on it.",
    "“We will win.” — Senator Dee Park",
    "Sad! — Jo Smith (@josmith) May 4, 2018",
    "Books — yes, plural! — were written.",
    "New phones came out. | iPhone sales rose.",
    "The score was 3-2. | 2018 was worse.",
    "Le ministre a démissionné. | « Je pars. » | Il a souri.",
    "Er kam am 6. Januar an. | Sie ging im 19. Jahrhundert. | „Gut.“ | Das war's.",
    "El Sr. Ruiz habló con la Sra. Vega. | ¿Qué dijo? | ¡Nada!",
    "他来了。|他走了！|为什么？|不知道。",
    "「行く。」と彼は言った。|彼は去った。",
]


def sentences(text: str, **options: int) -> list[str]:
    return [text[start:end] for start, end in split_sentences(text, **options)]


@pytest.mark.parametrize("marked", GOLDEN)
def test_splits_news_as_a_reader_would(marked: str) -> None:
    intended = [part.strip() for part in marked.split("|")]
    assert sentences(marked.replace(" | ", " ").replace("|", "")) == intended


@pytest.mark.parametrize(
    ("text", "intended"),
    [
        ("Mayor resigns\nBy Jo Smith\n\nThe mayor resigned.\nShe left.", 4),
        ("Milk\nbread and butter\neggs", 3),
        ("One paragraph on a line.\nAnother on the next one.", 2),
        ("A line\r\nand another", 2),
        ("A line\u2028and another", 2),
    ],
)
def test_line_ends_end_sentences_where_text_is_not_wrapped(text: str, intended: int) -> None:
    assert len(split_sentences(text)) == intended


PARAGRAPHS = [
    "Council votes to keep the ferry",
    "The town council voted late on Tuesday to keep the small ferry that has crossed the river since 1912, and asked "
    "Mr. Ortiz to find the money for it before the winter. He said that he would try, though the U.S. government has "
    "not paid its share for three years and nobody expects that it will do so soon.",
    "By Jo Smith",
    "Few of the people who take it to work in the morning knew how close the vote would be. They waited outside in "
    "the rain until nearly midnight, and when the doors opened they cheered, sang and went home to bed.",
]


@pytest.mark.parametrize("width", [50, 65, 72, 80, 100])
@pytest.mark.parametrize("gap", ["\n\n", "\n"])
def test_hard_wrapped_paragraphs_are_read_through(width: int, gap: str) -> None:
    wrapped = gap.join(textwrap.fill(paragraph, width) for paragraph in PARAGRAPHS)
    assert [" ".join(sentence.split()) for sentence in sentences(wrapped)] == sentences("\n\n".join(PARAGRAPHS))


def test_lists_of_headlines_are_not_taken_for_wrapped_text() -> None:
    headlines = [
        f"Senate {verb} bill on {noun}" for verb in ("rejects", "passes", "delays") for noun in ("tax", "farms")
    ]
    assert sentences("\n".join(headlines)) == headlines


def test_lists_in_wrapped_text_keep_their_items() -> None:
    wrapped = (
        textwrap.fill(PARAGRAPHS[1], 72) + "\n- the first of all the items on this list that is about as long as\n- one"
    )
    assert sentences(wrapped)[-2:] == [
        "- the first of all the items on this list that is about as long as",
        "- one",
    ]


@pytest.mark.parametrize(
    ("text", "limit", "intended"),
    [
        ("aaa bbb ccc", 7, ["aaa bbb", "ccc"]),
        ("aaa bbb ccc", 6, ["aaa", "bbb", "ccc"]),
        ("aaa     bbb", 5, ["aaa", "bbb"]),
        ("aaaaaaa", 3, ["aaa", "aaa", "a"]),
        ("a\u00a0bbbb", 5, ["a", "bbbb"]),
        ("Go. " + "b" * 5, 4, ["Go.", "bbbb", "b"]),
    ],
)
def test_long_sentences_are_cut(text: str, limit: int, intended: list[str]) -> None:
    assert sentences(text, max_chars=limit) == intended


def test_refuses_a_limit_below_one() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        split_sentences("text", max_chars=0)


@pytest.mark.parametrize("text", ["", " ", "\n\n", "\u00a0\u2028\t"])
def test_nothing_but_white_space_has_no_sentences(text: str) -> None:
    assert split_sentences(text) == []


LIKE_NEWS = st.text(alphabet=" \n\t.!?…\"'”“’‘()«»—-•aAbB1U.S。」\r\u2028\u00a0,", max_size=120)
LINES = st.lists(st.text(alphabet="ab .A", min_size=30, max_size=70), max_size=12).map("\n".join)


@given(st.one_of(st.text(), LIKE_NEWS, LINES), st.sampled_from([1, 2, 7, 40, MAX_CHARS]))
def test_holds_for_every_string(text: str, limit: int) -> None:
    spans = split_sentences(text, max_chars=limit)
    assert spans == split_sentences(text, max_chars=limit)
    position = 0
    for start, end in spans:
        assert position <= start < end <= len(text)
        assert end - start <= limit
        assert not text[position:start].strip()
        sentence = text[start:end]
        assert sentence == sentence.strip()
        assert all(line.strip() for line in sentence.splitlines())
        position = end
    assert not text[position:].strip()


@pytest.mark.parametrize(
    "unit",
    [".", '"', ". ", "a", "a.", ' "', "A. ", ".'", "( ", "U.S. ", "\n", "a\n", "?” A", ". —", "“.”", "A.b ", " "],
)
def test_time_is_linear_in_hostile_text(unit: str) -> None:
    text = unit * (1_000_000 // len(unit))
    started = time.process_time()
    spans = split_sentences(text)
    assert time.process_time() - started < 10  # seconds; a quadratic step takes minutes
    assert sum(not letter.isspace() for start, end in spans for letter in text[start:end]) == len("".join(text.split()))


@pytest.mark.parametrize("unit", ["(a.) B ", "a " * 400 + "\n", '." Ab ', ")" * 50 + ". ", "Abcde! Abcde Abcde "])
def test_doubling_hostile_text_doubles_the_time(unit: str) -> None:
    def seconds(size: int) -> float:
        text = unit * (size // len(unit))
        started = time.process_time()
        split_sentences(text)
        return time.perf_counter() - started

    seconds(10_000)
    assert seconds(1_600_000) < 40 * max(seconds(100_000), 0.005)  # 16 times the text


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ("The end", True),
        ("It’s late", True),
        ("A. Tripp", False),
        ("Recently, he", True),
        ("Kelly, who", False),
        ("", False),
    ],
)
def test_words_that_start_sentences(head: str, expected: bool) -> None:
    assert starts_sentence(head) is expected


@pytest.mark.parametrize(
    ("word", "head", "expected"),
    [
        ("Mr", "Smith", False),
        ("bill", "Smith", True),
        ("U.S", "Senate", False),
        ("U.S", "The", True),
        ("R-Fla", "Smith", False),
        ("a.m", "EST", False),
        ("p.m", "Lisbon time", False),
        ("rep", "He", True),
        ("Jan", "6", False),
        ("6", "Januar", False),
        ("2006", "Januar", True),
        ("", "The", True),
    ],
)
def test_the_word_before_a_stop_decides(word: str, head: str, expected: bool) -> None:
    assert stop_ends_sentence(word, head) is expected


@pytest.mark.skipif(not (DATA / "newsmtsc/train.jsonl").exists(), reason="the shared data is not here")
def test_sentences_of_real_news_mostly_stay_whole() -> None:
    lines = (DATA / "newsmtsc/train.jsonl").read_text(encoding="utf-8").splitlines()
    texts = [json.loads(line)["sentence_normalized"] for line in random.Random(0).sample(lines, 1000)]
    whole = sum(len(split_sentences(text)) == 1 for text in texts)
    assert whole >= 850
