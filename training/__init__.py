"""Scripts that make the tables and models that the transforms read."""
