"""``python -m huiyin``: the command line, for a checkout that is not installed."""

from huiyin.cli import main

main()
