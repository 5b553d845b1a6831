"""The bugs that are planted: each a small replacement that a tired engineer could have typed, and the tests to find it.

`old` occurs exactly once in its file; a test holds that. Where a refactoring moves it, move it here too: a bug that can
no longer be planted guards nothing.
"""

from typing import NamedTuple


class Bug(NamedTuple):
    """One replacement in one file. `tests` are files or folders that should turn red."""

    name: str
    sentence: str
    path: str
    old: str
    new: str
    tests: tuple[str, ...]


_CORE_SYNC = "tests/core/sync"

BUGS = (
    # Order and place
    Bug(
        "gap_accepted",
        "a batch enters although the event it continues is not stored",
        "shared/milepost/admission.py",
        "    raise Gap(",
        "    return\n    raise Gap(",
        ("tests/core/test_admission.py", "tests/server/test_ingest.py"),
    ),
    Bug(
        "prev_ignored",
        "a run may leave out or swap events, for nobody looks at prev",
        "shared/milepost/chain.py",
        "            event.prev != before.hash\n            or event.seq",
        "            event.seq",
        ("tests/core/test_chain.py",),
    ),
    Bug(
        "hole_skipped",
        "a client takes positions that come after a hole",
        "shared/milepost/sync/client.py",
        "        if receipt.first_position != self._position + 1:",
        "        if receipt.first_position <= self._position:",
        (_CORE_SYNC,),
    ),
    # Signatures and commitments
    Bug(
        "head_unchecked",
        "a batch enters under a signature that nobody checked",
        "shared/milepost/admission.py",
        "    if not verify(key, batch.signature, batch.head):",
        "    if not batch.signature:",
        ("tests/core/test_admission.py",),
    ),
    Bug(
        "receipt_unchecked",
        "a client believes a receipt that the server's key did not sign",
        "shared/milepost/sync/client.py",
        "        if receipt.key_id != name_of(key) or not verify(key, receipt.signature, receipt.signed):",
        "        if receipt.key_id != name_of(key):",
        (_CORE_SYNC,),
    ),
    Bug(
        "proof_unchecked",
        "whoever names a device is let in as it",
        "shared/milepost/sync/server.py",
        "        if not verify(account.signing_key, hello.signature, signed):",
        "        if not signed:",
        (_CORE_SYNC,),
    ),
    Bug(
        "salt_uncommitted",
        "a commitment leaves the salt out, so a rating can be guessed out of its hash",
        "shared/milepost/sync/batches.py",
        "            commitments.append(sha256(FACTS_LABEL + part.salt + part.text).digest())",
        "            commitments.append(sha256(FACTS_LABEL + part.text).digest())",
        (_CORE_SYNC,),
    ),
    Bug(
        "facts_uncommitted",
        "facts may be changed under a header that no longer commits to them",
        "shared/milepost/event.py",
        "    return sha256(label + part.salt + part.text).digest()",
        "    return sha256(label + part.salt).digest()",
        ("tests/core/test_event.py",),
    ),
    Bug(
        "private_uncommitted",
        "a text sealed by somebody else who holds the key passes for the author's",
        "shared/milepost/sealing.py",
        "    return part if commit(PRIVATE_LABEL, part) == event.private_commitment else None",
        "    return part",
        ("tests/core/test_sealing.py",),
    ),
    # Who may write
    Bug(
        "unenrolled_accepted",
        "a device enters whose enrolment no enrolled device signed",
        "shared/milepost/admission.py",
        "    if signer is None or not verify(signer, enrolment.signature, enrolment.signed):",
        "    if signer is None:",
        ("tests/core/test_admission.py",),
    ),
    Bug(
        "revoked_welcomed",
        "a revoked device is welcomed",
        "shared/milepost/sync/server.py",
        "        if account.is_revoked:",
        "        if account.is_revoked and account.signing_key is None:",
        (_CORE_SYNC,),
    ),
    Bug(
        "revoked_counts",
        "what a revoked device wrote after its revocation still counts",
        "shared/milepost/trust.py",
        "        return cut is None or seq <= cut.get(line, 0)",
        "        return True",
        ("tests/core/test_trust.py",),
    ),
    # Clock
    Bug(
        "clamp_missing",
        "a device set to 2099 stays on top for ever",
        "shared/milepost/clock.py",
        "        hlc = min(hlc, from_ms(received_at_ms) + LEAD)",
        "        hlc = max(hlc, from_ms(received_at_ms))",
        ("tests/core/test_clock.py",),
    ),
    Bug(
        "screen_ignored",
        "a write on a slow clock sorts before what its author had on the screen",
        "shared/milepost/clock.py",
        "    return min(max(now, top + 1, min(last + 1, max(now, top) + LEAD)), HLC_MAX)",
        "    return min(max(now, min(last + 1, max(now, top) + LEAD)), HLC_MAX)",
        ("tests/core/test_clock.py",),
    ),
    # Conversation
    Bug(
        "credit_ignored",
        "a server delivers to a client that granted no credit",
        "shared/milepost/sync/server.py",
        "        return self._sent_bytes < self._credit or self._sent_bytes == 0",
        "        return True",
        (_CORE_SYNC,),
    ),
    Bug(
        "wiped_server_not_healed",
        "after a wipe nobody pushes what other devices wrote",
        "shared/milepost/sync/client.py",
        "own_only=not self._was_caught_up)]",
        "own_only=True)]",
        (_CORE_SYNC,),
    ),
    Bug(
        "truncation_unnoticed",
        "a server that lost positions it gave receipts for is taken as it is",
        "shared/milepost/sync/client.py",
        "        elif welcome.position < self._known_position():",
        "        elif welcome.position < 0:",
        (_CORE_SYNC,),
    ),
    Bug(
        "sealed_too_early",
        "text is sealed before the stream's last control event was seen: under a key that a revoked device has",
        "shared/milepost/sync/client.py",
        "        may_push = self._stored_position >= self._control_position",
        "        may_push = True",
        (_CORE_SYNC,),
    ),
    Bug(
        "erased_leave_digest",
        "two replicas that differ in what was erased show one set digest",
        "shared/milepost/chain.py",
        "        digest.update(event_id)",
        "        digest.update(b'')",
        ("tests/core/test_chain.py",),
    ),
    # The device's log
    Bug(
        "cursor_before_rows",
        "the cursor is saved first, then what it says is stored: a crash in between loses it for ever",
        "client/milepost_client/store/replica.py",
        """        with self._storing():
            for each in news:
""",
        """        with self._storing():
            for each in news:
                if isinstance(each, Delivery):
                    statement = "UPDATE replica SET position = ?"
                    self.log.connection.execute(statement, (each.receipt.last_position,))
        with self._storing():
            for each in news:
""",
        ("tests/client/test_cursor.py",),
    ),
    Bug(
        "cursor_off_by_one",
        "the cursor stands one position before what is stored",
        "client/milepost_client/store/replica.py",
        '"UPDATE replica SET position = ?", (receipt.last_position,)',
        '"UPDATE replica SET position = ?", (receipt.last_position - 1,)',
        ("tests/client/test_session.py", "tests/client/test_replica.py"),
    ),
    Bug(
        "old_receipts_count",
        "the outbox asks for any receipt, so after a wipe nothing is sent again",
        "client/milepost_client/store/holdings.py",
        '"SELECT last_seq FROM receipt WHERE incarnation = ? AND branch = ? ORDER BY first_seq DESC LIMIT 1"',
        '"SELECT last_seq FROM receipt WHERE ? IS NOT 0 AND branch = ? ORDER BY first_seq DESC LIMIT 1"',
        ("tests/client/test_session.py", "tests/client/test_replica.py"),
    ),
    Bug(
        "copy_unnoticed",
        "a copied home goes on in the epoch of the one it was copied from",
        "client/milepost_client/store/log.py",
        "        if state.branch and state.fresh_epoch is None and state.mark == self.mark:",
        "        if state.branch and state.fresh_epoch is None:",
        ("tests/client/test_log.py", "tests/client/test_session.py"),
    ),
    Bug(
        "events_deletable",
        "nothing guards the events from a DELETE",
        "client/milepost_client/store/schema.py",
        """    *_kept("event", "events are never", "DELETE"),\n""",
        "",
        ("tests/client/test_log.py",),
    ),
    Bug(
        "sync_off",
        "an append returns before it is on the disk",
        "client/milepost_client/store/storage.py",
        "PRAGMA synchronous=EXTRA",
        "PRAGMA synchronous=OFF",
        ("tests/client/test_durability.py",),
    ),
    # The server
    Bug(
        "acknowledged_before_commit",
        "a group is answered before it is committed: that comes with the next one",
        "server/milepost_server/store/sqlite.py",
        """        connection.execute("BEGIN IMMEDIATE")
        outcomes = [_run_one(connection, job) for job in jobs]
        if ledger is not None:
            erasures.tell(connection, ledger)
        failpoint.reach(failpoint.BEFORE_COMMIT)
        connection.execute("COMMIT")
""",
        """        if connection.in_transaction:
            connection.execute("COMMIT")
        connection.execute("BEGIN IMMEDIATE")
        outcomes = [_run_one(connection, job) for job in jobs]
        if ledger is not None:
            erasures.tell(connection, ledger)
        failpoint.reach(failpoint.BEFORE_COMMIT)
""",
        ("tests/contract", "tests/server/test_group_commit.py"),
    ),
    Bug(
        "no_savepoint",
        "a job that raises leaves half of its rows to the group it was in",
        "server/milepost_server/store/sqlite.py",
        '        connection.execute("ROLLBACK TO job")\n',
        "",
        ("tests/contract", "tests/server/test_group_commit.py"),
    ),
    Bug(
        "old_stamp_unchecked",
        "whoever pushes may choose the time at which the server received it",
        "server/milepost_server/sync/ingest.py",
        "            and verify(self.server_public, old.signature, old.signed)\n",
        "",
        ("tests/server/test_ingest.py",),
    ),
    Bug(
        "erased_account_heals",
        "the next device that syncs brings an erased account back",
        "server/milepost_server/sync/ingest.py",
        "        if stream.state == streams.ERASED:\n            return Refusal(",
        "        if stream.state == streams.COHORT:\n            return Refusal(",
        ("tests/server/test_account_erasure.py",),
    ),
    Bug(
        "ledger_untold",
        "a backup that is older than an erasure brings back what was erased",
        "server/milepost_server/store/erasures.py",
        "        ledger.add(noted)",
        "        ledger.read()",
        ("tests/server/test_account_erasure.py",),
    ),
    Bug(
        "erasure_forgotten",
        "what was erased comes back with the next device that still holds it",
        "server/milepost_server/sync/ingest.py",
        "        if event.id not in gone:\n            events.fill(",
        "        if event.id:\n            events.fill(",
        ("tests/server/test_ingest.py",),
    ),
    Bug(
        "foreign_push",
        "a member may push into another member's stream",
        "shared/milepost/sync/server.py",
        "        if batch.first.user != self._proved().user:",
        "        if not batch.first.user:",
        (_CORE_SYNC,),
    ),
    Bug(
        "withdrawal_loses",
        "a grant typed on another device at the same time beats the withdrawal",
        "server/milepost_server/store/control.py",
        "        if granted and {from_base32(text, 16) for text in json.loads(known)}.issuperset(against):",
        "        if granted and not against:",
        ("tests/server/test_ingest.py",),
    ),
    # What is shown
    Bug(
        "copies_counted",
        "an entry that was copied by pairing twice counts twice",
        "shared/milepost/projections/apply.py",
        "            marks = entry.marks & ~REPEATED | (0 if event_id == counts else REPEATED)",
        "            marks = entry.marks & ~REPEATED",
        ("tests/projections",),
    ),
    Bug(
        "early_retraction_lost",
        "a retraction that arrives before its target is forgotten",
        "shared/milepost/projections/apply.py",
        "        marks, kept = (entry.marks, entry.touches) if entry else (0, ())",
        "        marks, kept = (0, entry.touches) if entry else (0, ())",
        ("tests/projections",),
    ),
    Bug(
        "threshold_two",
        "a pod total is shown from two contributors, so each of them can subtract",
        "shared/milepost/disclosure/pods.py",
        "CONTRIBUTORS_MIN = 3",
        "CONTRIBUTORS_MIN = 2",
        ("tests/disclosure/test_pod_total.py",),
    ),
    Bug(
        "subtraction",
        "a pod total is shown to a reader who knows all of it but one",
        "shared/milepost/disclosure/pods.py",
        " and len(unknown) != 1",
        "",
        ("tests/disclosure/test_pod_total.py",),
    ),
    Bug(
        "pod_total_of_nothing",
        "a pod total of 0 is shown, and says it of each",
        "shared/milepost/disclosure/pods.py",
        "Figure(VALUE, total) if total else Figure(HIDDEN)",
        "Figure(VALUE, total)",
        ("tests/disclosure/test_pod_total.py",),
    ),
    Bug(
        "consent_of_tuesday",
        "who consented in mid-week is counted in that week",
        "server/milepost_server/figures/contributors.py",
        " and grant.since <= monday_ms",
        "",
        ("tests/server/test_releases.py",),
    ),
    Bug(
        "week_left_open",
        "a withdrawal leaves the pod's week open",
        "server/milepost_server/store/control.py",
        '"consent.granted", "consent.withdrawn",',
        '"consent.granted",',
        ("tests/server/test_totals.py",),
    ),
    Bug(
        "expiry_unseen",
        "a consent that runs out in the week leaves it open",
        "server/milepost_server/figures/totals.py",
        "    if shown.contributors == now.contributors:",
        "    if shown is not None:",
        ("tests/server/test_totals.py",),
    ),
    Bug(
        "final_again",
        "a week that has ended is added up anew",
        "server/milepost_server/figures/totals.py",
        "before is not None and before.at >= end",
        "before is None and end < 0",
        ("tests/server/test_totals.py",),
    ),
    Bug(
        "erased_still_shown",
        "earlier totals stay after an erasure",
        "server/milepost_server/store/totals.py",
        "AND at >= ? AND erases LIMIT 1",
        "AND at >= ? AND erases > 1 LIMIT 1",
        ("tests/server/test_totals.py",),
    ),
    Bug(
        "cohort_of_four",
        "a cohort's sum is published from four contributors",
        "shared/milepost/disclosure/cohorts.py",
        "CONTRIBUTORS_MIN = 5",
        "CONTRIBUTORS_MIN = 4",
        ("tests/disclosure",),
    ),
    Bug(
        "one_pod",
        "a cohort's sum is published of one pod alone",
        "shared/milepost/disclosure/cohorts.py",
        "PODS_MIN = 2",
        "PODS_MIN = 1",
        ("tests/disclosure/test_cohort_figures.py",),
    ),
    Bug(
        "known_counted",
        "who is seen by name counts among the unknown",
        "shared/milepost/disclosure/cohorts.py",
        "if not part.is_known]",
        "if part]",
        ("tests/disclosure/test_cohort_figures.py",),
    ),
    Bug(
        "few_outside",
        "three who are outside every pod total stay in the release",
        "shared/milepost/disclosure/cohorts.py",
        "(part.standing == OUTSIDE and are_outside_kept)",
        "part.standing == OUTSIDE",
        ("tests/disclosure/test_cohort_figures.py",),
    ),
    Bug(
        "remainder_unseen",
        "what is left after subtracting pod totals may be of one person",
        "shared/milepost/disclosure/cohorts.py",
        " and is_hiding(outside) and is_hiding(unknown)",
        "",
        ("tests/disclosure/test_cohort_figures.py",),
    ),
    Bug(
        "two_above_zero",
        "a sum of two people is published",
        "shared/milepost/disclosure/cohorts.py",
        "ABOVE_ZERO_MIN = 3",
        "ABOVE_ZERO_MIN = 2",
        ("tests/disclosure",),
    ),
    Bug(
        "mostly_one",
        "a sum of which one holds more than half is published",
        "shared/milepost/disclosure/cohorts.py",
        " and 2 * max(counts) <= total",
        "",
        ("tests/disclosure/test_cohort_figures.py",),
    ),
    Bug(
        "three_ones",
        "a sum that two contributors with nothing can take apart is published",
        "shared/milepost/disclosure/cohorts.py",
        "SUM_MIN = 4",
        "SUM_MIN = 3",
        ("tests/disclosure",),
    ),
    Bug(
        "few_answers",
        "a yes or no is published of five, so that two who know theirs know the others'",
        "shared/milepost/disclosure/cohorts.py",
        "ANSWERS_MIN = 9",
        "ANSWERS_MIN = 5",
        ("tests/disclosure",),
    ),
    Bug(
        "stock_of_neighbours",
        "a mean is published beside one of almost the same people",
        "shared/milepost/disclosure/cohorts.py",
        "STOCK_CHANGE_MIN = 5",
        "STOCK_CHANGE_MIN = 1",
        ("tests/disclosure/test_cohort_figures.py",),
    ),
    Bug(
        "closed_pod_released",
        "a pod that was shown and then closed is in the release",
        "shared/milepost/disclosure/cohorts.py",
        "    if is_gone:",
        "    if is_gone and not went_out:",
        ("tests/server/test_releases.py",),
    ),
    Bug(
        "shown_to_some",
        "a total that only some readers saw counts as shown to all",
        "shared/milepost/disclosure/cohorts.py",
        "INSIDE if all(went_out) else LEFT_OUT",
        "INSIDE",
        ("tests/disclosure",),
    ),
    Bug(
        "lead_counted",
        "a lead counts among those he does not know",
        "server/milepost_server/figures/releases.py",
        "member.user in self._leads or bool(member.named.get(family)),",
        "bool(member.named.get(family)),",
        ("tests/server/test_releases.py",),
    ),
    Bug(
        "own_labels",
        "skills without a published code are summed",
        "shared/milepost/disclosure/parts.py",
        'tuple(f"{of_code}:{code}" for code in codes)',
        "(name,)",
        ("tests/server/test_releases.py",),
    ),
    Bug(
        "published_twice",
        "a week is published again",
        "server/milepost_server/figures/releases.py",
        "    week = weeks.next_week(last[0].week) if last else",
        "    week = last[0].week if last else",
        ("tests/server/test_releases.py",),
    ),
    Bug(
        "seal_unbound",
        "a sealed text is not bound to its event and key name: the sealing of format 1 is another",
        "shared/milepost/sealing.py",
        "    return SEAL_LABEL + kid + event_hash",
        "    return SEAL_LABEL",
        ("tests/core/test_sealing.py", "tests/docs/test_vectors.py"),
    ),
)
