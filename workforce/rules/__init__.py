"""The rules of rosters as the solver keeps them: a file for each, named as in the YAML. The checker knows none of this."""
