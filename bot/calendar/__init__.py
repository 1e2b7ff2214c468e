"""The commune's days and hours of work: one calendar for deadlines, reminders and announcements."""
