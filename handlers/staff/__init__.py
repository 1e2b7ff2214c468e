"""Officials at work in their group: the same rules, rights and audit as on the console."""
