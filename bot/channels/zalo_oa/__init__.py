"""The Zalo Official Account channel (OpenAPI v3, https://developers.zalo.me/docs/official-account)."""
