"""Who may see which page, and where each role's work begins."""

from collections.abc import Callable
from functools import wraps

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from agent_desktop.accounts import Role, User
from agent_desktop.sessions import current_user
from core.errors import HaloError

HOME_PAGE = {
    Role.AGENT: "desk.page",
    Role.SUPERVISOR: "wallboard.page",
    Role.PLANNER: "planner.page",
    Role.ADMIN: "wallboard.page",
}


class NotLoggedIn(HaloError):
    """Nobody is logged in here, or no longer."""

    code = "not_logged_in"


class NotAllowed(HaloError):
    """The page is for another role."""

    code = "not_allowed"


def needs_role(*roles: Role) -> Callable[[Callable[..., ResponseReturnValue]], Callable[..., ResponseReturnValue]]:
    """A view for these roles only. A page sends a stranger to the log-in; an API or a stream answers 401."""

    def decorate(view: Callable[..., ResponseReturnValue]) -> Callable[..., ResponseReturnValue]:
        @wraps(view)
        def guarded(*args: object, **kwargs: object) -> ResponseReturnValue:
            user = current_user()
            if user is None:
                if is_api():
                    raise NotLoggedIn("Nobody is logged in on this page.", "Log in again.")
                return redirect(url_for("auth.login"))
            if user.role not in roles:
                raise NotAllowed(f"This page is not for the role {user.role}.", "Open your own page.")
            return view(*args, **kwargs)

        return guarded

    return decorate


def is_api() -> bool:
    """Whether a script asks, which wants JSON, not a page."""
    return request.path.startswith(("/api/", "/events"))


def user_here() -> User:
    """Who asks, behind needs_role."""
    user = current_user()
    if user is None:
        raise NotLoggedIn("Nobody is logged in on this page.", "Log in again.")
    return user


def agent_here() -> str:
    """The agent id of who asks. Raises NotAllowed for an account that is no agent."""
    user = user_here()
    if not user.agent_id:
        raise NotAllowed("This account is not linked to an agent.", "Ask an administrator to link it.")
    return user.agent_id


def home_of(user: User) -> str:
    """The address of the page where this person's work begins."""
    return url_for(HOME_PAGE[Role(user.role)])
