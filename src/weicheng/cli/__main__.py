"""`python -m weicheng.cli`: the same as the `weicheng` command."""

from weicheng.cli import main

main(prog_name="weicheng")
