"""How the shipped speech model is made: word lists, synthesised speech, telephone lines, the network and its export.

Nothing here is needed at run time; it needs the extra packages of `train` in pyproject.toml and a few of Debian's.
"""
