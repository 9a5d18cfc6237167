"""Regions and words in one space: readers, scores of photo and sentence, losses."""
