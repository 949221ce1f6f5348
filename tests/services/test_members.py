"""Two who step down, or come in, at the same time."""

from __future__ import annotations

from collections.abc import Callable
from threading import Barrier, Thread

import pytest
from django.db import connection

from advisor.models import Membership, Role
from advisor.services.audit import Actor
from advisor.services.invitation import InvitationIsOver, accept, invite
from advisor.services.members import LastOwner, NoMember, change_role, remove
from tests.factories import make_member, make_user, make_workspace


def at_once(*acts: Callable[[], object]) -> list[str]:
    """What came of each, all begun at the same moment in threads of their own: ok, or the name of what it raised."""
    start, told = Barrier(len(acts)), [""] * len(acts)

    def run(number: int, act: Callable[[], object]) -> None:
        try:
            start.wait()
            act()
            told[number] = "ok"
        except (LastOwner, NoMember, InvitationIsOver) as why:
            told[number] = type(why).__name__
        finally:
            connection.close()

    threads = [Thread(target=run, args=each) for each in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(told)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("leaves", [True, False])
def test_of_two_owners_who_step_down_at_the_same_time_one_stays(leaves: bool) -> None:
    workspace = make_workspace()
    owners = [make_member(workspace, Role.OWNER).memberships.get() for _ in range(2)]
    acts = [
        (lambda one=one: remove(one, by=Actor(one.user))) if leaves else (lambda one=one: change_role(one, Role.VIEWER, by=Actor(one.user)))
        for one in owners
    ]
    assert at_once(*acts) == ["LastOwner", "ok"]
    assert Membership.objects.filter(workspace=workspace, role=Role.OWNER).count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_who_accept_at_the_same_time_one_comes_in() -> None:
    owner = make_member(make_workspace(), Role.OWNER)
    invited = invite(owner.memberships.get().workspace, owner, Role.EDITOR).invitation
    ben, cleo = make_user("Ben"), make_user("Cleo")
    assert at_once(lambda: accept(invited, ben), lambda: accept(invited, cleo)) == ["InvitationIsOver", "ok"]
    assert Membership.objects.filter(role=Role.EDITOR).count() == 1


@pytest.mark.django_db
def test_who_was_removed_a_moment_ago_is_no_member() -> None:
    workspace = make_workspace()
    make_member(workspace, Role.OWNER)
    gone = make_member(workspace, Role.EDITOR).memberships.get()
    remove(gone, by=Actor(None))
    with pytest.raises(NoMember):
        change_role(gone, Role.OWNER, by=Actor(None))
