"""What ends a command, apart from what nobody expected."""


class UsageError(Exception):
    """A wrong flag or a situation that the user can mend; the message is one line that says how."""
