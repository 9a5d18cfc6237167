"""Clips whose truth is known: things that move over photos, and sentences about what they do, in which order."""
