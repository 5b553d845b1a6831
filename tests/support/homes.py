"""Homes on the disk that are joined and paired without anybody typing: for where that is not the point."""

import json

from milepost.ids import base64url
from milepost.keys import SEED_BYTES, enrol, wrap, wrap_info
from milepost.trust import facts_of
from milepost_client.device.home import Home
from milepost_client.device.secrets import DEVICE, UNBORN
from milepost_client.device.world import SYSTEM
from milepost_client.store.account import device_keys, device_keys_of, enrolled, issued
from milepost_client.store.drafts import Birth
from milepost_client.store.log import Log
from milepost_client.store.trusted import LINEAGE_SETTING, trusted
from milepost_client.sync.join import server_of, settings_of


def pair(old_home: Home, new_home: Home) -> None:
    """Make `new_home` a second device of the account in `old_home`, which has joined a server."""
    with Log.open(old_home, SYSTEM) as old, Log.open(new_home, SYSTEM, create=True) as new:
        seeds = SYSTEM.random(2 * SEED_BYTES)
        new.secrets.put(DEVICE + UNBORN, seeds)
        keys, by = device_keys_of(seeds), device_keys(old.secrets)
        trust = trusted(old)
        root = trust.enrolments[old.device]
        enrolment = enrol(keys, root.identity, root.recovery, old.device, by.signing)
        for kid, key in trust.user_keys(old.device, by.agreement).items():
            wrapped = wrap(key, keys.agreement.public, wrap_info(old.user, kid))
            old.append([issued(SYSTEM, kid, {base64url(keys.device): wrapped})])
        lineage = json.dumps([facts_of(each) for each in trust.lineage(old.device)]).encode("ascii")
        birth = Birth(old.user, keys.device, (enrolled(SYSTEM, enrolment, "second"),))
        new.begin(birth, [*settings_of(server_of(old)), (LINEAGE_SETTING, lineage)])
