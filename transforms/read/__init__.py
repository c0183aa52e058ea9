"""Reading: patterns of input in, raw records out; see `records`. What reads one file knows nothing of Beam."""
