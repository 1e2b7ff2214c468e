"""What our own Telegram does with files that the bot sends: taken as photos or documents, named, grouped."""

from typing import Any

from tests.channels import telegram_rules as rules
from tests.channels.telegram_rules import Upload

KINDS = {"sendPhoto": "photo", "sendDocument": "document"}


class Uploads:
    """The files of a bot: each gets a name by which it can be sent again. `forget` makes the names worth nothing."""

    def __init__(self) -> None:
        self.taken: list[Upload] = []  # one for each upload
        self._named: dict[str, tuple[str, Upload]] = {}

    def forget(self) -> None:
        self._named.clear()

    def one(self, method: str, given: dict[str, Any]) -> tuple[str, str, Upload]:
        """Return the kind, the name and the content of the file of a call."""
        kind = KINDS[method]
        return self._take(kind, given.get(kind), given)

    def group(self, given: dict[str, Any]) -> list[tuple[str, str, Upload]]:
        """Return the files of a media group: 2 to 10, photos or documents, no buttons."""
        items = given["media"]
        kinds = {item["type"] for item in items}
        if not 2 <= len(items) <= 10 or (len(kinds) > 1 and "document" in kinds):
            raise rules.bad_request("group send failed")
        if "reply_markup" in given:
            raise rules.bad_request("reply markup is not supported in media groups")
        return [self._take(item["type"], item["media"], given) for item in items]

    def _take(self, kind: str, file: object, given: dict[str, Any]) -> tuple[str, str, Upload]:
        if isinstance(file, str) and file.startswith("attach://"):
            file = given.get(file.removeprefix("attach://"))
        if isinstance(file, str):
            if file not in self._named or self._named[file][0] != kind:
                raise rules.bad_request("wrong file identifier/HTTP URL specified")
            return kind, file, self._named[file][1]
        if not isinstance(file, Upload):
            raise rules.bad_request("there is no file in the request")
        check = rules.check_photo if kind == "photo" else rules.check_document
        check(file.content)
        self.taken.append(file)
        name = f"AgACAgUAAx{len(self.taken):06d}{kind}"
        self._named[name] = (kind, file)
        return kind, name, file


def as_json(kind: str, name: str, file: Upload) -> dict[str, Any]:
    """Return what a sent message says of its file."""
    known = {"file_id": name, "file_unique_id": name, "file_size": len(file.content)}
    if kind == "photo":
        small = {**known, "file_id": f"{name}-nho", "width": 90, "height": 60}
        return {"photo": [small, {**known, "width": 800, "height": 600}]}
    return {"document": {**known, "file_name": file.name}}
