"""Keeping the knowledge base right: out to a file that a clerk can edit, and back in after all checks."""
