"""What the data is: records between stages and tables that a run leaves behind."""
