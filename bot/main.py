"""The program's entry: commands, and every fault told in one line."""

import logging
import sys

import click

from bot.cli import cases, database, knowledge, officials, questions, running
from bot.config import ConfigError
from bot.storage.database import StorageError
from knowledge.loading import KnowledgeError


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="motcua")
def cli() -> None:
    """Một Cửa: bàn giao tiếp của UBND xã với người dân."""


for command in (
    running.run,
    running.chat,
    questions.ask,
    knowledge.knowledge,
    cases.cases,
    officials.users,
    database.database,
):
    cli.add_command(command)


def main() -> None:
    """Run a command; exit 2 with one line on stderr for wrong use, 1 for anything unforeseen."""
    try:
        cli.main(standalone_mode=False)
    except click.exceptions.Exit as leaving:
        sys.exit(leaving.exit_code)
    except (click.Abort, KeyboardInterrupt):
        sys.exit(130)
    except click.ClickException as error:
        _stop(error.format_message())
    except (ConfigError, StorageError, KnowledgeError) as error:
        _stop(str(error))
    except BrokenPipeError:
        sys.exit(0)
    except Exception as error:
        logging.getLogger("motcua").debug("unforeseen", exc_info=True)
        print(f"motcua: lỗi ngoài dự liệu: {type(error).__name__}: {error}", file=sys.stderr)
        sys.exit(1)


def _stop(message: str) -> None:
    for line in message.splitlines():
        print(f"motcua: {line}", file=sys.stderr)
    sys.exit(2)
