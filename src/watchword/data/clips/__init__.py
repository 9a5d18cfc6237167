"""Clips: moving pictures from most files that FFmpeg reads, as frames, shots, quiet stretches and flow."""
