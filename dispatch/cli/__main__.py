"""`python -m dispatch.cli` is the same as `wrenchtime`."""

from dispatch.cli import main

main(prog_name="wrenchtime")
