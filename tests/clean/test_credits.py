from __future__ import annotations

import pytest

from transforms.clean.credits import cut_credits

CAPTION = "The mayor of Harwick speaks at the old bridge on March 5, 2024"


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        (f"{CAPTION}. (Ann Ash/Reuters)", f"{CAPTION}."),
        (f"{CAPTION}. (AP Photo/Ann Ash)", f"{CAPTION}."),
        (f"{CAPTION} (Photo: Ann Ash, Getty Images)", CAPTION),
        (f"{CAPTION}. (Ann B. Ash/AFP via Getty Images)", f"{CAPTION}."),
        (f"{CAPTION}. Photo: Ann Ash/Getty Images", f"{CAPTION}."),
        (f"{CAPTION}. Photo credit: Getty Images.", f"{CAPTION}."),
        (f"{CAPTION}. REUTERS/Ann Ash", f"{CAPTION}."),
        (f"{CAPTION} REUTERS/Ann Ash/File Photo", CAPTION),
        (f"{CAPTION}. | Ann Ash/AP Photo", f"{CAPTION}."),
        (f"{CAPTION}. | AP Photo", f"{CAPTION}."),
        (f"{CAPTION}. ANN ASH/AFP via Getty Images", f"{CAPTION}."),
        (f"{CAPTION} [ Ann Ash/ AP Photo]", CAPTION),
    ],
)
def test_a_caption_loses_its_credit(line: str, kept: str) -> None:
    assert cut_credits(f"First.\n\n{line}\n\nLast.") == f"First.\n\n{kept}\n\nLast."
    assert cut_credits(kept) == kept


@pytest.mark.parametrize(
    "line",
    [
        "The mayor told reporters of Reuters that the bridge will close (Reuters).",
        "He works for the Associated Press.",
        "The old bridge was sold to Getty Images",
        "The figures come from a poll by Bloomberg, Reuters and the AP.",
        "(Ann Ash/Reuters)",
    ],
)
def test_prose_keeps_its_end(line: str) -> None:
    assert cut_credits(line) == line
