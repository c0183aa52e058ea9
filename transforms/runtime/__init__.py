"""What stages run on; it knows no stage."""
