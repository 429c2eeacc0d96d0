"""The pages: agent desk, wallboard, planner; their API and server-sent events."""

from agent_desktop.app import create_app

__all__ = ["create_app"]
