"""The command `newsbeam inspect`: what would be read of an input, in seconds and without a pipeline."""
