"""Pages and an interface for programs, served to one's own browser."""
