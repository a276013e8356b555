"""The page of each error in the console: its status, title and text."""

from dataclasses import dataclass
from typing import Final

from v1 import errors
from v1.doors.console.wording import N_
from v1.doors.error_answers import nearest


@dataclass(frozen=True)
class ErrorPage:
    """The page of an error. In ERRORS, an empty text or a status of 0 stands for the error's own."""

    title: str
    text: str
    status: int = 0


ERRORS: Final = {
    errors.WrongCredentials: ErrorPage(N_("Sign-in failed"), N_("The username or the password is wrong."), 403),
    errors.MissingToken: ErrorPage(N_("Sign in"), N_("Sign in first."), 303),
    errors.InvalidToken: ErrorPage(N_("Sign in"), N_("Your session has ended. Please sign in again."), 303),
    errors.AccessDenied: ErrorPage(N_("Not allowed"), ""),
    errors.BadRequest: ErrorPage(N_("That did not work"), N_("The request is malformed. Go back and try again.")),
    errors.BodyTooLarge: ErrorPage(N_("That did not work"), N_("That is too much text. Go back and shorten it.")),
    errors.UnknownPath: ErrorPage(N_("Page not found"), N_("There is nothing at this address.")),
    errors.WrongMethod: ErrorPage(N_("That did not work"), N_("This page cannot be used that way.")),
    errors.MissingValue: ErrorPage(N_("That did not work"), N_("Something is missing. Go back and try again.")),
    errors.NotFound: ErrorPage(N_("Page not found"), N_("There is nothing at this address.")),
    errors.AlreadyExists: ErrorPage(N_("That did not work"), N_("There is one of that name already.")),
    errors.Unavailable: ErrorPage(
        N_("Please try again soon"), N_("The service is busy. Please try again in a few seconds.")
    ),
    errors.DatabaseDown: ErrorPage(
        N_("Please try again soon"),
        N_("The service cannot reach its database right now. Please try again in a few seconds."),
    ),
    errors.Throttled: ErrorPage(N_("Sign-in failed"), N_("Too many tries. Please wait a little and try again.")),
    errors.GatepassError: ErrorPage(
        N_("Something went wrong"), N_("Something went wrong on our side. Please try again.")
    ),
}


def of(error: errors.GatepassError) -> ErrorPage:
    """The page of this error."""
    page = nearest(error, ERRORS, ERRORS[errors.GatepassError])
    return ErrorPage(page.title, page.text or str(error), page.status or error.status)
