"""`motcua doctor`: whether this installation is well, line by line, with what to do."""

import asyncio
import json
import os
from dataclasses import asdict

import click

from bot import clock
from bot import doctor as examination
from bot.doctor.findings import Finding, Verdict


@click.command()
@click.option("--json", "as_json", is_flag=True, help="In ra JSON.")
@click.pass_context
def doctor(context: click.Context, as_json: bool) -> None:
    """Khám chương trình: điều gì ổn, cần xem, hỏng, và phải làm gì."""
    found = asyncio.run(examination.examine(os.environ, now=clock.now))
    is_broken = any(finding.verdict is Verdict.BROKEN for finding in found)
    if as_json:
        click.echo(
            json.dumps({"ok": not is_broken, "checks": [asdict(f) for f in found]}, ensure_ascii=False, indent=1)
        )
    else:
        _print(found)
    context.exit(1 if is_broken else 0)


def _print(found: list[Finding]) -> None:
    for finding in found:
        click.echo(f"{finding.verdict:8} {finding.what}: {finding.told}")
        if finding.remedy:
            click.echo(f"{'':8} → {finding.remedy}")
    counts = (f"{sum(f.verdict is verdict for f in found)} {verdict}" for verdict in Verdict)
    click.echo(", ".join(counts) + ".")
