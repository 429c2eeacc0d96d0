"""Measures Halo on the machine at hand, each figure beside a physical limit or a peer measured in the same run.

`python -m benchmarks NAME` prints a table and writes it as Markdown and JSON; `python -m benchmarks --help` lists the names.
"""
