"""What happens to one article, and the PTransform that does it to all."""
