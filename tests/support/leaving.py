"""The request that erases an account, as a device or the twelve words make it."""

from typing import Any

from milepost.erasure import erasing
from milepost.ids import base64url
from tests.support.devices import Device, Member


def by_device(device: Device, server_key: bytes) -> dict[str, Any]:
    """What a device sends that the identity let in."""
    statement = erasing(device.member.user, server_key, device.id, device.keys.signing)
    return {
        "user": base64url(device.member.user),
        "by": base64url(device.id),
        "identity": base64url(device.member.identity.signing.public),
        "signature": base64url(statement.signature),
        "enrolments": [device.enrolment_facts],
    }


def by_words(member: Member, server_key: bytes) -> dict[str, Any]:
    """What is sent where every device is lost."""
    statement = erasing(member.user, server_key, None, member.identity.signing)
    return {
        "user": base64url(member.user),
        "by": "identity",
        "identity": base64url(member.identity.signing.public),
        "signature": base64url(statement.signature),
    }
