"""Put on a process's path, this makes stages fail on articles that ask for it; the program itself knows nothing of it.

A text that holds `POISON <stage> <kind>` makes that stage raise, end its process, take all memory or run for ever.
"""

import functools
import importlib.abc
import importlib.util
import os
import signal
import sys
import time

# Module → function, and the stage's name in a text.
STAGES = {
    "transforms.read.ranges": ("read_lines", "read"),
    "transforms.extract.page": ("extract_page", "extract"),
    "transforms.parse": ("parse_record", "parse"),
    "transforms.clean": ("clean_article", "clean"),
    "transforms.language": ("detect_language", "language"),
    "transforms.dedupe.sketch": ("sketch_text", "dedupe"),
    "transforms.sentences": ("segment_article", "sentences"),
    "transforms.entities": ("recognize_documents", "entities"),
    "transforms.names": ("resolve_document", "names"),
    "transforms.sentiment.stage": ("score_documents", "sentiment"),
}


def spoil(function, stage):
    @functools.wraps(function)
    def spoiled(first, *args, **kwargs):
        text = text_of(first)
        for kind in ("raise", "crash", "memory", "hang", "kill"):
            if f"POISON {stage} {kind}" in text:
                fail(kind)
        return function(first, *args, **kwargs)

    return spoiled


def text_of(item):
    if isinstance(item, str):
        return item
    if isinstance(item, bytes):
        return item.decode("utf-8", "replace")
    if isinstance(item, list):
        return " ".join(map(text_of, item))
    if hasattr(item, "peek"):
        return item.peek().decode("utf-8", "replace")
    item = getattr(item, "article", item)
    return getattr(item, "text", None) or getattr(item, "payload", b"").decode("utf-8", "replace")


def fail(kind):
    if kind == "raise":
        raise ValueError("planted")
    if kind == "crash":
        os.kill(os.getpid(), signal.SIGSEGV)
    if kind == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    hoard = []
    while kind == "memory":
        hoard.append(bytearray(b"x") * (32 << 20))
        time.sleep(0.02)
    while kind == "hang":
        pass


class Finder(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if name not in STAGES:
            return None
        sys.meta_path.remove(self)
        try:
            spec = importlib.util.find_spec(name)
        finally:
            sys.meta_path.insert(0, self)
        execute = spec.loader.exec_module

        def exec_module(module):
            execute(module)
            function, stage = STAGES[name]
            setattr(module, function, spoil(getattr(module, function), stage))

        spec.loader.exec_module = exec_module
        return spec


sys.meta_path.insert(0, Finder())
