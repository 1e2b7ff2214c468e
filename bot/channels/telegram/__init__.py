"""The Telegram channel."""

import os

os.environ.setdefault("PTB_TIMEDELTA", "true")  # python-telegram-bot then gives durations as timedelta, unremarked
