"""The program's entry: commands, and every fault told in one line."""

import logging
import sys

import click

from bot.cli import (
    announcements,
    cases,
    database,
    demo,
    doctor,
    knowledge,
    officials,
    questions,
    running,
    subscribers,
    vietnamese,
)
from bot.config import ConfigError
from bot.storage.database import StorageError
from knowledge.loading import KnowledgeError


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="motcua", message="motcua, phiên bản %(version)s", help="In số phiên bản.")
def cli() -> None:
    """Một Cửa: bàn giao tiếp của UBND xã với người dân."""


for command in (
    running.run,
    running.chat,
    questions.ask,
    knowledge.knowledge,
    cases.cases,
    officials.users,
    announcements.announcements,
    subscribers.subscribers,
    database.database,
    doctor.doctor,
    demo.demo,
):
    cli.add_command(command)


def main() -> None:
    """Run a command; exit 2 with one line on stderr for wrong use, 1 for anything unforeseen."""
    vietnamese.teach(cli)
    try:
        sys.exit(cli.main(prog_name="motcua", standalone_mode=False))
    except (click.Abort, KeyboardInterrupt):
        sys.exit(130)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        sys.exit(2)
    except click.ClickException as error:
        _stop(error.format_message() + _where_to_look(error))
    except (ConfigError, StorageError, KnowledgeError) as error:
        _stop(str(error))
    except BrokenPipeError:
        sys.exit(0)
    except Exception as error:
        logging.getLogger("motcua").debug("unforeseen", exc_info=True)
        print(f"motcua: lỗi ngoài dự liệu: {type(error).__name__}: {error}", file=sys.stderr)
        sys.exit(1)


def _where_to_look(error: click.ClickException) -> str:
    """Return where click's own complaints are explained; ours say how to mend themselves."""
    if not isinstance(error, click.UsageError) or type(error) is click.UsageError or not error.ctx:
        return ""
    return f" Xem: {error.ctx.command_path} --help"


def _stop(message: str) -> None:
    for line in message.splitlines():
        print(f"motcua: {line}", file=sys.stderr)
    sys.exit(2)
