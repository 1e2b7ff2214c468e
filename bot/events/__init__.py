"""What people take part in: events with seats and reminders, quizzes with one try each."""
