"""Checkpoints between the two halves of a run, so that no text goes through a shuffle.

In: cleaned articles, which go into files of a bounded number; for each a `CheckpointedArticle` goes on. When their
copies are known, `(file, decision)` comes back and the articles go on from there: canonical ones to be analysed, and as
documents copies and what an earlier run has analysed. A file of the published table `articles` takes part like one of
these, and stays as it is where nothing in it changes. The reason for a reject:

- `repeated_record`: another record has the same identity and the same content.
"""
