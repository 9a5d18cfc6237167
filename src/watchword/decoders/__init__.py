"""Features and the words so far, to scores of the next word: one file a decoder."""
