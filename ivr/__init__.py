"""What a caller hears: flows, menus, prompts and the voice that speaks them. Knows no Asterisk."""
