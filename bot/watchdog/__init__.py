"""Each channel's health, shared by the processes of one installation, and the alarm when one dies."""
