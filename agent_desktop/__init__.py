"""The pages: agent desk, wallboard, planner; their API and server-sent events."""
