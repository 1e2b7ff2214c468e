"""The Zalo Bot Platform channel (https://bot.zaloplatforms.com/docs)."""
