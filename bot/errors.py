"""The errors that a person is meant to read.

StorydeskError
├── SettingError          a setting is missing or not understood
├── StoreError            the database cannot be used
│   ├── StoreTaken        another running bot holds it
│   └── UpgradeRefused    an upgrade would change what saved questions get
├── StoryFileError        a file of facts cannot be read; nothing of it was imported
├── QuestionFileError     a file of questions with known answers cannot be read; none was asked
├── ConnectionFailed      the Bot API refused the bot or cannot be reached
├── PortTaken             the rehearsal's port is in use
├── NotAllowed            somebody tried what their role does not cover; it was recorded
├── SubscriptionError     what a subscriber wrote about their alerts is not understood
└── DeskError             what an editor wrote cannot be done as it stands; nothing changed

The text of each is one sentence for its reader: what happened, the value at fault, what to do
next. The command line prints it and exits with `exit_code`; it is never shown with a traceback.
"""


class StorydeskError(Exception):
    """Something went wrong that its reader can mend; `str(error)` tells them how."""

    exit_code = 1


class SettingError(StorydeskError):
    """A setting is missing or has a value that is not accepted."""

    exit_code = 2


class StoreError(StorydeskError):
    """The database cannot be opened, read or upgraded."""


class StoreTaken(StoreError):  # noqa: N818 - reads as what happened
    """Another running bot holds the database."""


class UpgradeRefused(StoreError):  # noqa: N818 - reads as what happened
    """An upgrade would change what saved questions get; nothing was changed."""


class StoryFileError(StorydeskError):
    """A file of facts cannot be read; nothing of it was imported."""


class QuestionFileError(StorydeskError):
    """A file of questions with known answers cannot be read; none of them was asked."""


class ConnectionFailed(StorydeskError):  # noqa: N818 - reads as what happened
    """The Bot API refused the bot or cannot be reached."""


class PortTaken(StorydeskError):  # noqa: N818 - reads as what happened
    """The port that the rehearsal should listen on is in use."""


class NotAllowed(StorydeskError):  # noqa: N818 - reads as what happened
    """Somebody tried what their role does not cover; nothing changed, and it was recorded.

    To a `stranger`, who is not on the desk at all, the bot says nothing that a reader would not
    hear.
    """

    def __init__(self, sentence: str, *, stranger: bool) -> None:
        super().__init__(sentence)
        self.stranger = stranger


class DeskError(StorydeskError):
    """What an editor wrote cannot be done as it stands; nothing changed."""


class SubscriptionError(StorydeskError):
    """What a subscriber wrote about their alerts is not understood; nothing changed."""
