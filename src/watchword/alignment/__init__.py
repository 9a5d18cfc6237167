"""Regions and words in one space: matches, scores of photo and sentence, snippets."""
