"""click speaks Vietnamese: its own messages and the words of its help pages."""

from types import ModuleType

import click
from click import core, decorators, exceptions, formatting, parser, types

# click looks its words up through gettext; a catalogue for that would be a compiled file and a setting of the machine's
# language, so its modules are given this table instead. A word that is not in it stays English.
WORDS = {
    "Usage:": "Cách dùng:",
    "Options": "Tùy chọn",
    "Positional arguments": "Tham số",
    "Commands": "Lệnh",
    "Show this message and exit.": "In phần hướng dẫn này.",
    "default: {default}": "mặc định: {default}",
    "required": "bắt buộc",
    "(dynamic)": "(tùy lúc)",
    "file": "tệp",
    "directory": "thư mục",
    "path": "đường dẫn",
    "Missing argument": "thiếu tham số",
    "Missing option": "thiếu tùy chọn",
    "Missing parameter": "thiếu tham số",
    "Missing {param_type}": "thiếu {param_type}",
    "Missing command.": "thiếu tên lệnh.",
    "No such command {name!r}.": "không có lệnh {name!r}.",
    "No such option {name!r}.": "không có tùy chọn {name!r}.",
    "Did you mean {possibility}?": "Có phải {possibility} không?",
    "(Did you mean one of: {possibilities}?)": "Có phải một trong: {possibilities} không?",
    "Got unexpected extra argument ({args})": "thừa tham số: {args}",
    "Got unexpected extra arguments ({args})": "thừa tham số: {args}",
    "Option {name!r} requires an argument.": "tùy chọn {name!r} cần một giá trị.",
    "Option {name!r} requires {nargs} arguments.": "tùy chọn {name!r} cần {nargs} giá trị.",
    "Option {name!r} does not take a value.": "tùy chọn {name!r} không nhận giá trị.",
    "Argument {name!r} takes {nargs} values.": "tham số {name!r} cần {nargs} giá trị.",
    "Invalid value: {message}": "giá trị không hợp lệ: {message}",
    "Invalid value for {param_hint}: {message}": "{param_hint} không hợp lệ: {message}",
    "{value!r} is not a valid {number_type}.": "{value!r} không phải là số.",
    "{value} is not in the range {range}.": "{value} nằm ngoài khoảng {range}.",
    "{value!r} is not {choice}.": "{value!r} không phải {choice}.",
    "{value!r} is not one of {choices}.": "{value!r} không thuộc {choices}.",
    "{value!r} does not match the format {format}.": "{value!r} không đúng dạng {format}.",
    "{value!r} does not match the formats {formats}.": "{value!r} không đúng dạng nào trong {formats}.",
    "Choose from:\n\t{choices}": "Chọn một trong: {choices}",
    "{name} {filename!r} does not exist.": "{name} {filename!r} không có.",
    "{name} {filename!r} is a file.": "{name} {filename!r} là một tệp.",
    "{name} {filename!r} is a directory.": "{name} {filename!r} là một thư mục.",
    "{name} {filename!r} is not readable.": "{name} {filename!r} không đọc được.",
    "{name} {filename!r} is not writable.": "{name} {filename!r} không ghi được.",
    "Could not open file {filename!r}: {message}": "không mở được tệp {filename!r}: {message}",
}
KINDS = {"text": "CHỮ", "integer": "SỐ", "float": "SỐ", "filename": "TỆP", "datetime": "NGÀY"}
MODULES: tuple[ModuleType, ...] = (core, decorators, exceptions, formatting, parser, types)


def teach(command: click.Command) -> None:
    """Make click's messages, and the help pages of a command and all below it, Vietnamese."""
    for module in MODULES:
        vars(module).update(_=_say, ngettext=_say_count)
    _rename(command)


def _say(english: str) -> str:
    return WORDS.get(english, english)


def _say_count(one: str, many: str, count: int) -> str:
    return _say(one if count == 1 else many)


def _rename(command: click.Command) -> None:
    """Give what a command and its parameters are called Vietnamese names."""
    command.options_metavar = "[TÙY CHỌN]"
    for parameter in command.params:
        parameter.type.name = _say(parameter.type.name)
        if isinstance(parameter, click.Option) and not parameter.is_flag:
            parameter.metavar = parameter.metavar or KINDS.get(parameter.type.name, parameter.type.name.upper())
    if isinstance(command, click.Group):
        command.subcommand_metavar = "LỆNH [THAM SỐ]…"
        for inner in command.commands.values():
            _rename(inner)
