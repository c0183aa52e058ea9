"""What `remove_furniture` takes, by rule, and what looks like it and stays."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.clean.furniture import BY_WORD, FIRST_WORD_RE, Removed, remove_furniture
from transforms.clean.rules import MAX_LINE, RULES
from transforms.clean.text import repair_text

SAMPLE = Path(__file__).parents[2] / "../shared/data/sample"
BEFORE = "The council met on Tuesday and agreed on the budget."
AFTER = "Nobody voted against it, the mayor said afterwards."
LONG = 2_000_000


def rules_of(text: str) -> list[str]:
    return [removed.rule for removed in remove_furniture(text)[1]]


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("Share", "share_button"),
        ("Share.", "share_button"),
        ("Teilen", "share_button"),
        ("Facebook Twitter Email WhatsApp", "share_bar"),
        ("Share | Tweet | Print", "share_bar"),
        ("Share this article", "share_prompt"),
        ("SHARE THIS STORY ON FACEBOOK", "share_prompt"),
        ("Share on Facebook", "share_prompt"),
        ("Click to share on Twitter (Opens in new window)", "share_prompt"),
        ("Email this to a friend", "share_prompt"),
        ("Partager sur Facebook", "share_prompt"),
        ("123 Shares", "share_count"),
        ("1.2k shares 14 tweets", "share_count"),
        ("Follow @reporter", "follow"),
        ("Follow Jane Doe on Twitter: @janedoe", "follow"),
        ("Follow us on Facebook and Instagram", "follow"),
        ("Exit mobile version", "mobile_version"),
        ("Read more: Council splits over parking", "read_more"),
        ("Read the full story here.", "read_more"),
        ("Weiterlesen…", "read_more"),
        ("Leer más", "read_more"),
        ("Continue reading the main story", "continue"),
        ("Story Continued Below", "continue"),
        ("Story continues below advertisement", "continue"),
        ("To continue reading this column, click here.", "continue"),
        ("CLICK HERE TO GET THE APP", "click"),
        ("Can't see the chart? Click here.", "click"),
        ("WATCH: Mayor explains the vote", "related_link"),
        ("LISTEN: Our weekly podcast on the vote", "related_link"),
        ("More:Council splits over parking", "related_link"),
        ("SEE ALSO: A short history of the town hall", "related_link"),
        ("Lire aussi : Le budget adopté", "related_link"),
        ("( Also on POLITICO: The vote, explained)", "bracketed_link"),
        ("[Read the full budget here.]", "bracketed_link"),
        ("Advertisement", "advertisement"),
        ("ADVERTISEMENT Advertisement", "advertisement"),
        ("Advertisement - scroll to continue", "advertisement"),
        ("Sponsored", "advertisement"),
        ("Publicidad", "advertisement"),
        ("Continua após a publicidade", "advertisement"),
        ("[pullquote]", "placeholder"),
        ("Loading...", "placeholder"),
        ("Sign up for our daily newsletter", "newsletter"),
        ("Get the day's top stories delivered to your inbox.", "newsletter"),
        ("Thank you for subscribing!", "newsletter"),
        ("By signing up, you agree to our terms.", "newsletter"),
        ("Subscribe", "subscribe"),
        ("Log in", "subscribe"),
        ("Log in | Register", "subscribe"),
        ("Subscribe to our YouTube channel.", "subscribe"),
        ("You can unsubscribe at any time.", "subscribe"),
        ("We use cookies to improve this site. Accept or manage your choices.", "cookies"),
        ("Accept all cookies", "cookies"),
        ("Support independent journalism with a gift today", "support"),
        ("Download our mobile app", None),
        ("Download the Gazette News app for alerts", "app"),
        ("© 2018 The Daily Gazette", "rights"),
        ("Copyright 2019 The Gazette. All rights reserved. This material may not be published.", "rights"),
        ("Gazette Verlag – Alle Rechte vorbehalten", "rights"),
        ("Tous droits réservés", "rights"),
        ("Transcript provided by Some Company", "transcript_notice"),
        ("This article is more than 3 years old", "notice"),
        ("Enlarge this image toggle caption Jane Doe/AP Jane Doe/AP", "caption"),
        ("Image copyright Getty Images Image caption The hall in 2015", "caption"),
        ("Media playback is unsupported on your device", "caption"),
        ("FILE PHOTO: The town hall is seen in March. REUTERS/Jane Doe/File Photo", "caption"),
        ("Play Video 1:23 The vote – video", "player"),
        ("Video 1:23", "player"),
        ("JUST WATCHED The vote Replay More Videos ... MUST WATCH The vote 02:29", "player"),
        ("JUST WATCHED", "player"),
        ("Article content continued", "placeholder"),
        ("This advertisement has not loaded yet, but your article continues below.", "advertisement"),
        ("Keep reading with a subscription", "subscribe"),
        ("You have read your last free article this month. Subscribe for 1 a week.", "subscribe"),
        ("Subscribe to read the full story.", "subscribe"),
        ("This article is for subscribers only.", "subscribe"),
        ("Reporting by Jane Doe in Paris; Editing by John Roe", "report_credit"),
        ("(Additional reporting by Jane Doe and J. K. Roe; writing by Ann Ash)", "report_credit"),
        ("Our Standards: The Thomson Reuters Trust Principles.", "report_credit"),
        ("The Associated Press contributed to this report.", "report_credit"),
        ("Contributing: Jane Doe, The Associated Press", "report_credit"),
        ("Video", "player"),
        ("Slideshow (5 images)", "player"),
        ("(Photo by Jane Doe/Getty Images)", "credit"),
        ("Photo: Jane Doe", "credit"),
        ("AP Photo/Jane Doe", "credit"),
        ("Jane Doe/AFP/Getty Images", "credit"),
        ("Leave a comment", "comments"),
        ("123 Comments", "comments"),
        ("View comments", "comments"),
        ("Write to Jane Doe at jane.doe@gazette.example", "contact"),
        ("Skip to main content", "navigation"),
        ("Next Article", "navigation"),
        ("Back to top", "navigation"),
        ("Privacy Policy | Terms of Use | Contact", "navigation"),
        ("Tags: budget, council", "tags"),
        ("Filed under: Politics", "tags"),
        ("Read more", "related_heading"),
        ("You may also like", "related_heading"),
        ("Most read", "related_heading"),
    ],
)
def test_each_rule_takes_its_lines(line: str, rule: str | None) -> None:
    text, removed = remove_furniture(f"{BEFORE}\n\n{line}\n\n{AFTER}")
    if rule is None:
        assert (text, removed) == (f"{BEFORE}\n\n{line}\n\n{AFTER}", ())
    else:
        assert removed == (Removed(line, rule, 3),)
        assert text == f"{BEFORE}\n\n{AFTER}"


@pytest.mark.parametrize(
    "line",
    [
        "Share prices fell.",
        "Share prices fell",
        "Share this burden, he said, or lose the vote.",
        "Read more books, she said.",
        "Read the room.",
        "Subscribe to the theory that budgets balance themselves.",
        "Related to this, the court found a second breach.",
        "Sign up for health insurance by the end of the month.",
        "Log in to the portal and choose a plan, the ministry advises.",
        "Advertisement spending rose by a tenth.",
        "Sponsored by two senators, the bill goes to the floor.",
        "Copyright law changed in 1998.",
        "Photo by photo, the archive was rebuilt.",
        "Video of the arrest spread within hours.",
        "Image is everything, the adviser said.",
        "Close to a thousand people came.",
        "CLOSE CALL FOR THE MAYOR",
        "Follow the money, the old rule says.",
        "Get out, she told them.",
        "A click here and there, and it is done, he laughed.",
        "Tags were found on the luggage.",
        "Home prices rose.",
        "Print is not dead.",
        "More than 100 people came.",
        "More from the speech:",
        "Watch out for ice on the roads.",
        "Comments on the ruling were sharp.",
        "Next Tuesday the council meets again.",
        "Reporting by CNN and the Post said that the source was outside the inner circle.",
        "He contributed to this report; it took him years.",
        "You have read the last of his free verse.",
        "Must watch the budget, the mayor said.",
        "He said that his inbox was full.",
        "“When you subscribe to a campaign, mail fills up in your inbox,” she said.",
        "12 people shared the prize",
        "He worked for Reuters/Ipsos as a pollster.",
        "Teilen macht reich, sagt er.",
        "Compartir es vivir, dijo.",
        "(He did not answer the letter.)",
        "[Applause]",
        "Listen: I never said that.",
        "___",
    ],
)
@pytest.mark.parametrize("layout", ["{0}\n\n{1}\n\n{2}", "{1}\n\n{0}\n\n{2}", "{0}\n\n{2}\n\n{1}"])
def test_prose_stays_wherever_it_stands(line: str, layout: str) -> None:
    text = layout.format(BEFORE, line, AFTER)
    assert remove_furniture(text) == (text, ())


@pytest.mark.parametrize("word", ["Home", "Menu", "Print", "Privacy", "Comments", "Facebook", "Topics"])
def test_a_word_that_may_be_a_subheading_needs_its_surroundings(word: str) -> None:
    subheading = f"{BEFORE}\n\n{word}\n\n{AFTER}"
    assert remove_furniture(subheading) == (subheading, ())
    assert remove_furniture(f"{word}\n\n{BEFORE}")[0] == BEFORE
    assert remove_furniture(f"{BEFORE}\n\n{word}")[0] == BEFORE
    assert remove_furniture(f"{BEFORE}\n\nShare this article\n{word}\n\n{AFTER}")[0] == f"{BEFORE}\n\n{AFTER}"


def test_an_advert_speaks_for_no_subheading() -> None:
    text, removed = remove_furniture(f"{BEFORE}\n\nAdvertisement\n\nPrivacy\n\n{AFTER}")
    assert text == f"{BEFORE}\n\nPrivacy\n\n{AFTER}"
    assert [each.rule for each in removed] == ["advertisement"]


def test_a_removed_advert_counts_as_absent() -> None:
    assert remove_furniture(f"{BEFORE}\n\nShare\nAdvertisement\n\n{AFTER}")[0] == f"{BEFORE}\n\n{AFTER}"
    assert remove_furniture(f"{BEFORE}\n\n123 Shares\nAdvertisement\nHome\n\n{AFTER}")[0] == f"{BEFORE}\n\n{AFTER}"


def test_a_button_inside_a_paragraph_stays() -> None:
    poem = "A word to keep\nShare\nA word to give"
    assert remove_furniture(poem) == (poem, ())


def test_headlines_go_with_their_heading() -> None:
    listed = "Council splits over parking\n\nWhy the mayor wept\n\nFive things about the budget"
    text, removed = remove_furniture(f"{BEFORE}\n\nRelated Articles\n\n{listed}\n\n{AFTER}")
    assert text == f"{BEFORE}\n\n{AFTER}"
    assert [each.rule for each in removed] == ["related_heading", *["related_list"] * 3]
    assert [each.line_number for each in removed] == [3, 5, 7, 9]


def test_one_headline_before_prose_may_be_a_subheading() -> None:
    text, _ = remove_furniture(f"{BEFORE}\n\nRead more:\n\nA long road ahead\n\n{AFTER}")
    assert text == f"{BEFORE}\n\nA long road ahead\n\n{AFTER}"


def test_a_vague_heading_goes_only_with_a_list_at_the_end() -> None:
    listed = "Council splits over parking\nWhy the mayor wept"
    assert remove_furniture(f"{BEFORE}\n\nTrending\n\n{listed}")[0] == BEFORE
    inside = f"{BEFORE}\n\nTrending\n\n{listed}\n\n{AFTER}"
    assert remove_furniture(inside) == (inside, ())


def test_a_list_is_bounded() -> None:
    headlines = [f"Headline number {i}" for i in range(30)]
    text, removed = remove_furniture("\n".join(["Related Articles", *headlines, AFTER]))
    assert len(removed) == 11
    assert text == "\n".join([*headlines[10:], AFTER])


def test_nothing_but_furniture_leaves_nothing() -> None:
    assert remove_furniture("Home\nMenu\n\nShare this article\nAdvertisement")[0] == ""


@pytest.mark.parametrize("text", ["", BEFORE, f"{BEFORE}\n\n{AFTER}"])
def test_a_text_without_furniture_comes_back_as_it_is(text: str) -> None:
    assert remove_furniture(text) == (text, ())


def test_the_sample_ends_with_its_last_sentence() -> None:
    paths = sorted(SAMPLE.glob("*.txt"))
    if not paths:
        pytest.skip("the shared sample is not here")
    for path in paths:
        text, removed = remove_furniture(repair_text(path.read_text(encoding="utf-8")))
        assert text.endswith("from the West.")
        assert [each.line for each in removed] == ["Share.", "Exit mobile version"]


LINES = st.sampled_from(
    [
        "",
        "",
        BEFORE,
        AFTER,
        "A Short Headline",
        "Another One Here",
        "Share",
        "Home",
        "Print",
        "Advertisement",
        "Related:",
        "Trending",
        "Read more",
        "Latest:",
        "Photo",
        "Share this article",
        "More: A headline",
        "Facebook",
        "Top",
        "Loading...",
        "Do you agree? Vote here",
        "Jane Doe/AP",
        "Subscribe",
        "Comments",
        " ",
        "7 years ago",
        "More on the story",
    ]
)


@settings(max_examples=500)
@given(st.lists(LINES, max_size=25).map("\n".join) | st.text(max_size=80))
def test_idempotent_subsequence_and_a_true_report(text: str) -> None:
    cleaned, removed = remove_furniture(text)
    assert remove_furniture(cleaned) == (cleaned, ())
    lines = text.split("\n")
    assert [lines[each.line_number - 1] for each in removed] == [each.line for each in removed]
    gone = {each.line_number for each in removed}
    kept = [line for number, line in enumerate(lines, start=1) if number not in gone and line.strip()]
    assert [line for line in cleaned.split("\n") if line.strip()] == kept


@pytest.mark.parametrize(
    "unit",
    [
        "Share\n",
        "Related:\nSome Headline Here\n",
        "Trending\nA Headline\nB Headline\n",
        "x\nHome\n",
        "follow " + "a " * 340 + "\n",
        "facebook " + "more " * 120 + "x!\n",
        "Aa/" * 200 + "Getty\n",
        "sign up " * 80 + "\n",
    ],
)
def test_two_million_characters_come_back(unit: str) -> None:
    text = unit * (LONG // len(unit))
    assert len(remove_furniture(text)[0]) < len(text) + 1


def test_a_line_longer_than_any_furniture_stays() -> None:
    text = "Sign up for our newsletter " + "and more " * MAX_LINE
    assert remove_furniture(text * 300) == (text * 300, ())


def test_every_rule_can_be_found() -> None:
    assert {known.rule.name for rules in BY_WORD.values() for known in rules} | {
        rule.name for rule in RULES if rule.needle
    } == {rule.name for rule in RULES}
    for word in BY_WORD:
        match = FIRST_WORD_RE.match(word)
        assert match is not None
        assert match[1] == word
