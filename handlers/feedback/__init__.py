"""Feedback from the first word to its code: one draft a person, kept with every message."""
