"""Where things start: the command line, set-up, processes and demo. The only code that knows every package.

`python3 -m launch` runs on a plain Python: what `__main__` and `install` import is the standard library and `core.errors`.
"""
