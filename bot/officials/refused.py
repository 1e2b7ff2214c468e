"""The one way in which the services for officials say no."""


class Refused(Exception):
    """What was asked cannot be done; the sentence says why and what to do. `field` names the wrong input."""

    def __init__(self, told: str, *, field: str = "") -> None:
        self.told, self.field = told, field
        super().__init__(told)


class Missing(Refused):
    """What was asked for does not exist."""
