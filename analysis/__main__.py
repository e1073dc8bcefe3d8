"""The command: ``python -m analysis figures`` and ``python -m analysis verify``."""

from __future__ import annotations

import argparse
import ast
import signal
import sys
from collections.abc import Sequence
from types import FrameType

_DESCRIPTION = "Run the notebooks over a corpus of news; check that what is committed is what the code gives."


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return its exit code: 0 done, 1 failed or different, 2 wrong usage, 130 interrupted."""
    options, unknown = _parser().parse_known_args(arguments)
    if unknown:
        options.parser.error(f"unrecognized arguments: {' '.join(unknown)}")
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        from analysis import report

        try:
            return options.run(options)
        except report.RunError as error:
            print(f"error: {error}", file=sys.stderr)
            return 1
    except KeyboardInterrupt:
        print("interrupted; nothing was changed", file=sys.stderr)
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m analysis", description=_DESCRIPTION)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    figures = commands.add_parser("figures", help="run the notebooks and write the figures")
    figures.add_argument(
        "--corpus", metavar="PATH", help="your articles: a folder, a zip archive or one file (default: seeds/)"
    )
    figures.add_argument("--out", metavar="DIR", help="where the figures and notebooks go (default: in place)")
    figures.add_argument(
        "--set",
        metavar="NAME=VALUE",
        action="append",
        default=[],
        type=_parameter,
        help="a parameter of the notebooks, as Python or as plain text: --set WITHIN=sentence",
    )
    figures.set_defaults(run=_figures)
    verify = commands.add_parser("verify", help="rebuild aside and compare with the committed figures and notebooks")
    verify.set_defaults(run=_verify)
    for command in (figures, verify):
        command.set_defaults(parser=command)
        command.add_argument("--jobs", type=int, metavar="N", help="notebooks run at once (default: one per processor)")
    return parser


def _parameter(text: str) -> tuple[str, object]:
    name, found, value = text.partition("=")
    if not found or not name.strip().isidentifier():
        raise argparse.ArgumentTypeError(f"{text!r} is not NAME=VALUE")
    try:
        return name.strip(), ast.literal_eval(value.strip())
    except (ValueError, SyntaxError):
        return name.strip(), value.strip()


def _figures(options: argparse.Namespace) -> int:
    from analysis import report

    files = report.save_figures(options.corpus, options.out, parameters=dict(options.set), jobs=options.jobs, say=_say)
    changed = int(files["changed"].sum())
    print(f"{len(files)} files made, {changed} of them new or changed")
    return 0


def _say(line: str) -> None:
    print(line, flush=True)


def _verify(options: argparse.Namespace) -> int:
    from analysis import report

    differences = report.verify(jobs=options.jobs)
    for row in differences.itertuples(index=False):
        print(f"{row.file}: {row.difference}")
    if len(differences):
        print(f"{len(differences)} files differ; if that is meant, run `make figures` and commit", file=sys.stderr)
        return 1
    print("figures and notebooks are what the code gives")
    return 0


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
