"""Call scripts: what the agent says next, page by page, and the disposition codes at the end."""
