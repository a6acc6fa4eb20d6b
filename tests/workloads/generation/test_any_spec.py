"""Whatever can be asked for is a world that the rules of the domain allow."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.workloads.generation.living import lived
from workloads.generation.make import workload_of
from workloads.generation.spec import WorkloadSpec
from workloads.workload import counts, digest

SHARES = st.floats(0, 1)
RATES = st.sampled_from([0.0, 0.3, 1.0, 2.5])


@st.composite
def specs(draw: st.DrawFn) -> WorkloadSpec:
    """Small workloads of every kind."""
    agents = draw(st.integers(0, 4))
    direct_channels = draw(st.integers(0, 5))
    messages, storm = draw(st.integers(0, 60)), draw(st.integers(0, 6))
    return WorkloadSpec(
        servers=draw(st.integers(1, 3)),
        channels=draw(st.integers(1, 6)),
        users=draw(st.integers(1, 12)),
        agents=agents,
        agents_per_channel=draw(st.integers(0, agents)),
        messages=messages,
        preload=draw(st.integers(0 if messages + storm else 1, 30)),
        all_exist=draw(st.booleans()),
        ids=draw(st.sampled_from(["uuid", "any"])),
        messages_per_s=draw(st.sampled_from([0.001, 0.05])),
        compression=draw(st.sampled_from([0.5, 1.0, 43_200.0])),
        kernels=draw(st.sampled_from([(), ((0.85, 100.0),), ((0.6, 45.0), (0.3, 1800.0))])),
        hot_share=draw(st.sampled_from([0.0, 0.78, 1.0])),
        private_share=draw(SHARES),
        silent_readers=draw(RATES),
        leave_share=draw(SHARES),
        new_channel_share=draw(SHARES),
        in_reply_to_share=draw(SHARES),
        reply_probability=draw(SHARES),
        mention_share=draw(SHARES),
        recalls_per_message=draw(RATES),
        cross_room_share=draw(SHARES),
        chain_probability=draw(st.floats(0, 0.6)),
        agent_leave_share=draw(SHARES),
        late_agent_share=draw(SHARES),
        late_agent_messages=draw(st.sampled_from([0.5, 3.0])),
        direct_channels=direct_channels,
        direct_share=draw(st.just(0.0) | st.floats(1e-6, 1)) if direct_channels else 0.0,
        edit_share=draw(SHARES),
        delete_share=draw(SHARES),
        recent_share=draw(SHARES),
        latest_pages=draw(st.sampled_from([(), ((1.0, 50),), ((0.5, 10), (0.7, 60))])),
        scrolls_per_message=draw(RATES),
        scroll_limit=draw(st.sampled_from([1, 30])),
        permalinks_per_message=draw(RATES),
        direct_opens_per_message=draw(RATES),
        channel_lists_per_message=draw(RATES),
        member_lists_per_message=draw(RATES),
        member_checks_per_message=draw(RATES),
        server_lists_per_message=draw(RATES),
        storm_channels=storm,
        newcomers=draw(st.booleans()),
        restart_clients=draw(st.integers(0, 5)),
    )


@settings(deadline=None, max_examples=25)
@given(specs(), st.integers(0, 2**40), st.booleans())
def test_every_operation_is_well_formed_and_none_is_refused(spec: WorkloadSpec, seed: int, peer_delivery: bool) -> None:
    _is_lived_through(spec, seed, peer_delivery=peer_delivery)


@pytest.mark.full
@settings(deadline=None, max_examples=600)
@given(specs(), st.integers(0, 2**40), st.booleans())
def test_however_many_are_asked_for(spec: WorkloadSpec, seed: int, peer_delivery: bool) -> None:
    _is_lived_through(spec, seed, peer_delivery=peer_delivery)


def _is_lived_through(spec: WorkloadSpec, seed: int, *, peer_delivery: bool) -> None:
    workload = workload_of(spec, seed)
    lived(workload, peer_delivery=peer_delivery)
    assert digest(workload) == digest(workload_of(spec, seed))
    sent, wanted = counts(workload).get("send", 0), spec.messages + spec.preload + spec.storm_channels
    # Where all exist, everybody is heard once more in each of their channels.
    assert wanted <= sent <= 2 * wanted if spec.all_exist else sent == wanted
    described = dict(workload.parameters)
    assert json.loads(json.dumps(described)) == described
    del described["seed"]
    # JSON's lists are read back as the specification's tuples.
    assert WorkloadSpec.model_validate_json(json.dumps(described)) == spec
