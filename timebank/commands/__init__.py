"""What the commands do. `timebank/cli.py` has their names and options; a module here is loaded when its command runs."""
