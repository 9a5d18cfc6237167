"""Sentences and references in, figures out. Nothing here knows a photo, a model or a file format."""
