"""`python -m depesche` is the `depesche` command."""

from depesche.cli import main

main()
