"""What makes the models that come with the package. Not part of it."""
