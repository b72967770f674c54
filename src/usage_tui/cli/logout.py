"""`usage-tui logout`: everything that is stored of a profile is deleted, and nothing of another one."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from usage_tui.cli.ending import DONE, Failure
from usage_tui.cli.opening import profile_named, read_settings
from usage_tui.cli.output import print_line
from usage_tui.cli.parser import Parser
from usage_tui.clients.base import ClientError
from usage_tui.config import paths
from usage_tui.config.profiles import Profile, TokenCommand, TokenFile, TokenVariable
from usage_tui.config.settings import Settings
from usage_tui.text.words import count_noun


@dataclass(slots=True)
class Leaving:
    """What is deleted of a profile.

    Attributes:
        profile: The profile, or a provider without one.
        others: Every other profile.
        deleted: What was deleted, a sentence each.
        left: What was not, and why, a sentence each.
    """

    profile: Profile
    others: Sequence[Profile]
    deleted: list[str]
    left: list[str]


def run(words: Sequence[str]) -> int:
    """Delete the stored token, the cache, and the journal of days of a profile. The profile itself stays."""
    parser = Parser("usage-tui logout", description=run.__doc__)
    parser.add_argument("name", metavar="NAME", help="a profile, or a provider that is used without one")
    options = parser.parse_args(words)
    settings = read_settings()
    leaving = forget(profile_named(options.name, settings), settings)
    for line in leaving.deleted or [f"Nothing is stored for {options.name}."]:
        print_line(line)
    for line in (*leaving.left, *_elsewhere(leaving.profile)):
        print_line(line)
    return DONE


def forget(profile: Profile, settings: Settings) -> Leaving:
    """Delete everything that is stored of a profile.

    Args:
        profile: The profile, or a provider without one.
        settings: They have all profiles.

    Raises:
        Failure: A file cannot be deleted.
    """
    others = [one for one in settings.profiles.values() if one.name != profile.name]
    leaving = Leaving(profile, others, [], [])
    try:
        for forget_one in _STORED:
            forget_one(leaving)
    except OSError as error:
        raise Failure(f"{error.filename or profile.name}: cannot be deleted: {error.strerror}") from None
    return leaving


def _forget_journal(leaving: Leaving) -> None:
    profile = leaving.profile
    if profile.provider.vendor is None:
        return
    from usage_tui.clients.providers.journal import Journal, journal_identity

    identity = journal_identity(profile.provider, profile.client_config(None))
    shared = [one for one in leaving.others if _keeps_journal_of(one, identity)]
    key = _key_digest(profile) if shared else ""
    journal = Journal(paths.days_folder(), identity, key)
    if reason := _why_kept(key, shared):
        if journal.files() if key else journal.exists():
            leaving.left.append(f"The journal of days is kept: {reason}.")
        return
    if count := journal.delete(is_shared=bool(shared)):
        leaving.deleted.append(f"Deleted {count_noun(count, 'journal')} of days.")
    if journal.fault:
        leaving.left.append(journal.fault)


def _why_kept(key: str, others: Sequence[Profile]) -> str:
    """Why a journal is not deleted that other profiles have, too; empty where it is.

    Args:
        key: The digest of the key; empty where that cannot be read.
        others: The profiles with the same journals.
    """
    unclear = list(others) if not key else []
    for other in others if key else ():
        digest = _key_digest(other)
        if digest == key:
            return f"the profile {other.name} has the same key"
        unclear += [other] if not digest and _may_have_key(other) else []
    if not unclear:
        return ""
    return f"the profile {unclear[0].name} may use it, and the key that would tell is not stored here"


def _may_have_key(profile: Profile) -> bool:
    """Whether a key that cannot be read may be somewhere."""
    token = profile.token
    return token is not None and not (isinstance(token, TokenFile) and not token.path.exists())


def _keeps_journal_of(profile: Profile, identity: list[str]) -> bool:
    from usage_tui.clients.providers.journal import journal_identity

    return (
        profile.provider.vendor is not None
        and journal_identity(profile.provider, profile.client_config(None)) == identity
    )


def _key_digest(profile: Profile) -> str:
    """That of the key, where it can be read without running a command; empty otherwise."""
    from usage_tui.config.secrets import read_token

    if profile.token is None or isinstance(profile.token, TokenCommand):
        return ""
    try:
        return read_token(profile.token, "").digest
    except ClientError:
        return ""


def _forget_cache(leaving: Leaving) -> None:
    """Screens, the numbers for status lines beside them, and which alerts were told."""
    profile = leaving.profile
    files = paths.files_of(profile.provider.cache_owner(profile.name, profile.url))
    for file in files:
        file.unlink(missing_ok=True)
    if files:
        leaving.deleted.append(f"Deleted {count_noun(len(files), 'cached file')}.")


def _forget_token(leaving: Leaving) -> None:
    """Last: the journal needs the token."""
    token = leaving.profile.token
    if not isinstance(token, TokenFile):
        return
    if leaving.profile.name is None or token.path != paths.token_file(leaving.profile.name):
        leaving.left.append(f"The token in {token.path} is kept: usage-tui did not write it.")
    elif token.path.is_symlink() or token.path.exists():
        token.path.unlink()
        leaving.deleted.append(f"Deleted the token in {token.path}.")


_STORED: tuple[Callable[[Leaving], None], ...] = (_forget_journal, _forget_cache, _forget_token)
"""Everything that the program stores of a profile; each deletes one kind of it."""


def _elsewhere(profile: Profile) -> Iterator[str]:
    """What no file of ours holds."""
    key = profile.provider.key
    if isinstance(profile.token, TokenCommand):
        yield f"The command {profile.token.words[0]} still prints the token; remove it there."
    if isinstance(profile.token, TokenVariable) and os.environ.get(profile.token.name):
        yield f"{profile.token.name} still holds the token; unset it."
    if key is not None and key.page:
        yield f"{profile.provider.title} still accepts the key until you revoke it at {key.page}"
