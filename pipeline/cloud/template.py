"""The Flex Template: what it tells of its parameters, and how the launcher's arguments become a command line.

`python -m pipeline.cloud.template` prints `deploy/metadata.json`. The parameters are the job's own flags, so that a
form in the console asks for what `newsbeam submit --help` names.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from typing import Any

from pipeline.flags import run_parser

# Flags for this machine and for a person at it.
LEFT_OUT = {"help", "config", "dry_run", "workers", "verbose", "quiet", "json"}
REQUIRED = {"input", "output"}
IMAGE = {
    "name": "sdk_container_image",
    "label": "Worker image",
    "helpText": "The image that this template was built with; workers run it too.",
    "isOptional": False,
    "paramType": "TEXT",
}
PATHS = {"output": "GCS_WRITE_FOLDER"}


def metadata() -> dict[str, Any]:
    """The content of `deploy/metadata.json`, from the flags."""
    actions = [
        action for action in run_parser()._actions if action.dest not in LEFT_OUT and action.help != argparse.SUPPRESS
    ]
    return {
        "name": "newsbeam",
        "description": "Raw news-article dumps in, Parquet tables of names and sentiment out.",
        "parameters": [*(_parameter(action) for action in actions), IMAGE],
    }


def _parameter(action: argparse.Action) -> dict[str, Any]:
    described: dict[str, Any] = {
        "name": action.dest,
        "label": action.dest.replace("_", " ").capitalize(),
        "helpText": (action.help or "") % {"default": action.default},
        "isOptional": action.dest not in REQUIRED,
        "paramType": PATHS.get(action.dest, "TEXT"),
    }
    if _is_switch(action):
        described["regexes"] = ["^(true|false)$"]
        described["helpText"] += " true or false."
    elif action.choices:
        described["regexes"] = [f"^({'|'.join(map(str, action.choices))})$"]
    return described


def _is_switch(action: argparse.Action) -> bool:
    return action.nargs == 0


def plain_flags(argv: Sequence[str]) -> list[str]:
    """The launcher's arguments as `newsbeam submit` takes them: a switch comes as `--overwrite=true` or `=false`."""
    switches = {name for action in run_parser()._actions if _is_switch(action) for name in action.option_strings}
    flags = []
    for argument in argv:
        name, equals, value = argument.partition("=")
        if name in switches and equals:
            if value.lower() == "true":
                flags.append(name)
        else:
            flags.append(argument)
    return flags


if __name__ == "__main__":
    sys.stdout.write(json.dumps(metadata(), indent=2) + "\n")
