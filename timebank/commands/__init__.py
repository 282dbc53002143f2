"""What the commands do. Their names and options stand in `timebank/cli.py`; a module here is loaded when it is used."""
