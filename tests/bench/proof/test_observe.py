"""Parts of a store as its canonical views tell them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bench.drive.flights import Exchange
from bench.proof.observe import observe
from bench.scenes import WARM, scene
from bench.stores import Store
from tests.performing import apply_all
from variants.contract import Design, Options, View
from variants.dual import Dual
from workloads.model import Model


class Percent(Dual):
    """`dual`, whose views have a percent sign in them."""

    name = "percent"

    def views(self) -> Mapping[str, View]:
        return {name: f"SELECT * FROM ({view}) p WHERE '100 %' LIKE '100%'" for name, view in super().views().items()}


def test_a_part_of_a_store_has_the_links_of_the_ids_that_are_named_and_of_no_others(fresh_store: Callable[[Design], Store]) -> None:
    store, model = fresh_store(Percent(Options())), Model()
    scenes = [scene("send", 1, WARM, name) for name in ("one", "other")]
    with store.links(Exchange.PLAIN) as links:
        for made in scenes:
            apply_all(store.design, links, model, made.setup)
    one, _ = scenes
    whole = observe(store)
    part = observe(store, [one.channel_id], [one.server_id], linked=[one.channel_id, one.server_id])
    assert (
        {row.channel for row in part.projection.c_message} == {one.channel_id} < {row.channel for row in whole.projection.c_message}
    )
    assert whole.id_map is not None
    of_one = {link for link in whole.id_map if link.central_id in {one.channel_id, one.server_id}}
    assert set(part.id_map or ()) == of_one
    assert {link.kind for link in of_one} == {"server", "channel"}
    assert observe(store, [one.channel_id], [one.server_id]).id_map is None
