"""Who gets the call and why: agent states, the waiting line, the matching engine, reservations."""

from routing.compiled import folder_in_use

_folder = folder_in_use()
if _folder is not None:
    __path__.insert(0, str(_folder))  # what is not compiled is found in the next place, here
