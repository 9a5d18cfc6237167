"""The index: find photos by a sentence or by another photo, and say where in them."""
