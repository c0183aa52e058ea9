"""What earlier runs have done: found, reused, tried again."""
