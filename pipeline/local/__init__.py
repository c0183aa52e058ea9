"""Running on this machine: the runner, its progress and its performance."""
