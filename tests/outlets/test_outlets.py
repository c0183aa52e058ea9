"""One name for one outlet: what spellings are, what a dump says of them, and that order means nothing."""

from __future__ import annotations

import random

import pytest

from transforms.outlets.learn import Outlets, Spelling, learn_outlets, name_outlet
from transforms.outlets.spellings import name_key, names_label, plain_name
from transforms.runtime.hosts import domain_of

DUMP = [
    (Spelling("New York Times - News", "nytimes.com"), 30),
    (Spelling("New York Times (Online News)", "nytimes.com"), 2),
    (Spelling("The New York Times", ""), 4),
    (Spelling("nytimes.com", "nytimes.com"), 5),
    (Spelling("Guest Writer - Left", "nytimes.com"), 9),
    (Spelling("Guest Writer - Left", "cnn.com"), 8),
    (Spelling("CNN (Web News)", "cnn.com"), 40),
    (Spelling("CNN (Web News)", "money.cnn.com"), 3),
    (Spelling("Fox Online News", "foxnews.com"), 50),
    (Spelling("Fox News", "foxnews.com"), 30),
    (Spelling("Fox Online News", "foxbusiness.com"), 1),
    (Spelling("Associated Press", "apnews.com"), 9),
    (Spelling("Associated Press", "ap.org"), 2),
    (Spelling("ABC News", "abcnews.go.com"), 8),
    (Spelling("ESPN", "espn.go.com"), 12),
    (Spelling("Guest Writer - Left", "abcnews.go.com"), 1),
    (Spelling("ABC News", "abc.net.au"), 1),
    (Spelling("The Guardian", "theguardian.com"), 20),
    (Spelling("The Guardian", "guardian.ng"), 3),
    (Spelling("TheBlaze.com", "theblaze.com"), 6),
    (Spelling("lone.example.org", "lone.example.org"), 1),
    (Spelling("Harbour Echo", ""), 2),
]


@pytest.mark.parametrize(
    ("source", "host", "outlet"),
    [
        ("New York Times - News", "nytimes.com", "New York Times"),
        ("New York Times (Online News)", "nytimes.com", "New York Times"),
        ("The New York Times", "", "New York Times"),
        ("www.nytimes.com", "", "New York Times"),
        ("nytimes.com", "cooking.nytimes.com", "New York Times"),
        ("Guest Writer - Left", "nytimes.com", "New York Times"),
        ("Guest Writer - Left", "cnn.com", "CNN"),
        ("CNN (Web News)", "money.cnn.com", "CNN"),
        ("Fox Online News", "foxnews.com", "Fox News"),
        ("Fox Online News", "foxbusiness.com", "Fox News"),
        ("Associated Press", "ap.org", "Associated Press"),
        ("Associated Press", "yahoo.com", "Associated Press"),
        ("ABC News", "abcnews.go.com", "ABC News"),
        ("Guest Writer - Left", "abcnews.go.com", "ABC News"),
        ("ESPN", "espn.go.com", "ESPN"),
        ("ABC News", "abc.net.au", "ABC News (abc.net.au)"),
        ("The Guardian", "theguardian.com", "The Guardian"),
        ("The Guardian", "guardian.ng", "The Guardian (guardian.ng)"),
        ("TheBlaze.com", "theblaze.com", "TheBlaze"),
        ("", "lone.example.org", "example.org"),
        ("Harbour Echo", "", "Harbour Echo"),
        ("", "", None),
    ],
)
def test_every_spelling_is_its_outlets(source, host, outlet):
    assert name_outlet(learn_outlets(DUMP), (source, host)) == outlet


def test_order_means_nothing():
    first = learn_outlets(DUMP)
    for seed in range(5):
        mixed = random.Random(seed).sample(DUMP, len(DUMP))
        assert learn_outlets(mixed) == first


def test_without_a_dump_to_learn_from_an_outlet_names_itself():
    known = Outlets()
    assert name_outlet(known, ("The Harbour Gazette", "harbour-gazette.example")) == "The Harbour Gazette"
    assert name_outlet(known, ("Rich Lowry", "nationalreview.com")) == "nationalreview.com"
    assert name_outlet(known, ("", "localhost")) == "localhost"


def test_names_that_are_no_names_do_no_harm():
    hostile = [
        Spelling("", "-.com"),
        Spelling("'; DROP TABLE articles; --", "x.com"),
        Spelling("…", ""),
        Spelling("a" * 100_000, "b" * 300 + ".com"),
        Spelling("(News)", "news.com"),
        Spelling("\ud800", "xn--\ud800.com"),
        Spelling("- News", ""),
    ]
    known = learn_outlets([(spelling, 1) for spelling in hostile])
    for spelling in hostile:
        assert name_outlet(known, spelling)
    assert name_outlet(known, ("'; DROP TABLE articles; --", "")) == "'; DROP TABLE articles; --"


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("New York Times - News", "New York Times"),
        ("Wall Street Journal - Editorial", "Wall Street Journal"),
        ("NBC News (Online)", "NBC News"),
        ("NPR Online News", "NPR"),
        ("BBC News", "BBC News"),
        ("The Week - Opinion", "The Week"),
        ("USA TODAY", "USA TODAY"),
        ("Guest Writer - Right", "Guest Writer - Right"),
        ("www.nytimes.com", ""),
        ("TheBlaze.com", "TheBlaze"),
        ("News", "News"),
    ],
)
def test_what_of_a_source_is_the_name(source, name):
    assert plain_name(source) == name


def test_a_name_is_that_of_a_label_made_of_its_words():
    for name, label in (
        ("New York Times", "nytimes"),
        ("Wall Street Journal", "wsj"),
        ("Associated Press", "apnews"),
        ("Christian Science Monitor", "csmonitor"),
        ("The Daily Beast", "thedailybeast"),
        ("Courier-Journal", "courier-journal"),
    ):
        assert names_label(name, label), name
    for name, label in (
        ("Rich Lowry", "nationalreview"),
        ("Guest Writer - Right", "vox"),
        ("The Nation", "thenational"),
    ):
        assert not names_label(name, label), name
    assert name_key("The Blaze") == name_key("TheBlaze") == name_key("the blaze")


def test_domains():
    assert domain_of("cooking.nytimes.com") == "nytimes.com"
    assert domain_of("news.bbc.co.uk") == "bbc.co.uk"
    assert domain_of("foo.blogspot.com") == "foo.blogspot.com"
    assert domain_of("xn--e1afmkfd.xn--p1ai") == "пример.рф"
    assert domain_of("a.b.example") == "b.example"
    for host in ("localhost", "127.0.0.1", "co.uk", "com", "", "a..b", "x" * 5000, "exa mple.com"):
        assert domain_of(host) is None, host
