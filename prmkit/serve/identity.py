"""Who may come in: whoever brought the token, by link or by the form, and then carries the cookie."""

from __future__ import annotations

import secrets
from typing import Any

from jupyter_server.auth.identity import IdentityProvider, User
from jupyter_server.auth.login import LoginFormHandler


class TokenIdentity(IdentityProvider):
    """One token for the team; each browser that brought it is a visitor of its own, so that kernels have an owner."""

    async def get_user_token(self, handler: Any) -> User | None:
        """The visitor of a request that carries the right token; compared in constant time."""
        if not self._right(self.get_token(handler) or ""):
            return None
        known = self.get_user_cookie(handler)
        return known if isinstance(known, User) else self.generate_anonymous_user(handler)

    def process_login_form(self, handler: Any) -> User | None:
        """The visitor who typed the token into the form."""
        return self.generate_anonymous_user(handler) if self._right(handler.get_argument("password", "")) else None

    def _right(self, given: str) -> bool:
        return bool(self.token) and secrets.compare_digest(given.encode(), str(self.token).encode())


class LoginPage(LoginFormHandler):
    """The form, in our own look; anything else Jupyter would put on it (new password, icons) is left out."""

    def get_template(self, name: str) -> Any:
        """Templates are looked for in our folder only."""
        return self.settings["voila_jinja2_env"].get_template(name)
