"""Clips: moving pictures from any file that FFmpeg reads, as frames, shots, quiet stretches and flow."""
