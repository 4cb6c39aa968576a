"""Single questions about publishers, visitors and names, and what the Hub reads out of weights itself."""

import json
from pathlib import Path

import pytest

from core.demo.server import DemoHub
from core.demo.tensors import gguf, safetensors
from core.hub.session import HubSession
from core.progress import CancelToken
from core.repository import RepositoryId, RepositoryKind
from tests.core.hub.asking import MODEL, refused, snapshot_of
from tests.demo_hub import NewFile, make_account, make_repository, running_demo_hub

HERE = RepositoryId(RepositoryKind.MODEL, MODEL)
TEMPLATE = "{{ messages }}"


@pytest.fixture(autouse=True)
def visitors(root: Path) -> None:
    """Runs before the hub: a second repository with everything there is to ask for."""
    files: dict[str, bytes | NewFile] = {
        "README.md": b"---\nbase_model: lab/model\nbase_model_relation: quantized\nlicense_link: https://x.example\n---\n",
        "config.json": json.dumps({"architectures": ["ALm"], "model_type": "a", "auto_map": {"M": "m.A"}}).encode(),
        "tokenizer_config.json": json.dumps({"chat_template": TEMPLATE}).encode(),
        "model.safetensors": safetensors({"a": (3, 4), "b": (5,)}, "seed"),
        "model.gguf": gguf({"token_embd.weight": (8, 4)}, "seed", "llama", 128, ["a"], "{{ other }}"),
    }
    threads = [
        {"title": "Is this malware?", "author": "asker", "createdAt": "2026-05-01T00:00:00.000Z"},
        {"title": "Done", "author": "asker", "status": "closed"},
    ]
    make_repository(root, "model", "lab/packed", files, age_days=3, likers=["ann-lee123", "bob"], discussions=threads)
    make_account(root, "lab", organization=True, fullname="The Lab", members=["ann-lee123"])


def test_what_an_account_published_comes_newest_first(session: HubSession) -> None:
    found = session.models_by("lab", CancelToken())
    assert [hit.repository.name for hit in found] == ["lab/packed", "lab/model"]
    assert session.models_by("nobody", CancelToken()) == ()


def test_what_was_built_on_a_model_is_found_by_its_declaration(session: HubSession) -> None:
    assert [hit.repository.name for hit in session.built_on(HERE, CancelToken())] == ["lab/packed"]


def test_an_organisation_is_found_by_a_part_of_its_name(session: HubSession) -> None:
    assert [(one.name, one.full_name) for one in session.organizations("LA", CancelToken())] == [("lab", "The Lab")]


def test_likers_members_and_open_threads_are_listed(session: HubSession) -> None:
    packed = RepositoryId(RepositoryKind.MODEL, "lab/packed")
    assert session.likers(packed, CancelToken()) == ("ann-lee123", "bob")
    assert session.members("lab", CancelToken()) == ("ann-lee123",)
    (thread,) = session.discussions(packed, CancelToken())
    assert (thread.title, thread.author, thread.is_pull_request) == ("Is this malware?", "asker", False)


@pytest.mark.parametrize("body", [b'"x"', b"{}", b"[", b'{"discussions": 1, "orgs": {}}'])
def test_an_answer_of_another_shape_is_refused(hub: DemoHub, session: HubSession, body: bytes) -> None:
    hub.knobs.fail("/api/", 200, body=body, times=None)
    assert refused(lambda: session.likers(HERE, CancelToken())) == "hub.malformed"
    assert refused(lambda: session.discussions(HERE, CancelToken())) == "hub.malformed"
    assert refused(lambda: session.organizations("lab", CancelToken())) == "hub.malformed"
    assert refused(lambda: session.models_by("lab", CancelToken())) == "hub.malformed"


def test_entries_of_another_shape_are_left_out(hub: DemoHub, session: HubSession) -> None:
    hub.knobs.fail("/likers", 200, body=b'[1, {}, {"user": "a/b"}, {"user": "ann"}]')
    assert session.likers(HERE, CancelToken()) == ("ann",)
    hub.knobs.fail("/discussions", 200, body=b'{"discussions": [{"num": "x"}, {"num": 2, "title": 5}, 3]}')
    assert [(one.number, one.title) for one in session.discussions(HERE, CancelToken())] == [(2, "")]
    hub.knobs.fail("/quicksearch", 200, body=b'{"orgs": [{"name": "a/b"}, {"name": "lab"}, null]}')
    assert [one.name for one in session.organizations("lab", CancelToken())] == ["lab"]


def test_what_the_hub_read_in_weights_and_configuration_is_kept(session: HubSession) -> None:
    found = snapshot_of(session, "lab/packed")
    assert found.base_models == ("lab/model",)
    assert found.base_relation == "quantized"
    assert found.license_link == "https://x.example"
    assert found.model.architectures == ("ALm",)
    assert found.model.model_type == "a"
    assert found.model.auto_map == (("M", "m.A"),)
    assert found.model.chat_template == TEMPLATE
    assert found.model.parameters == 17
    assert found.model.gguf_architecture == "llama"
    assert found.model.gguf_parameters == 32
    assert found.model.gguf_chat_template == "{{ other }}"
    assert found.commit_authors == (("lab", 1),)
    assert all(file.changed_at is not None for file in found.files)


def test_an_adapter_names_its_base_in_its_own_configuration(root: Path) -> None:
    for name, base in (("lab/adapter", "lab/model"), ("lab/own-disk", "/home/me/out/checkpoint-7")):
        config = json.dumps({"base_model_name_or_path": base, "task_type": "CAUSAL_LM"}).encode()
        make_repository(root, "model", name, {"adapter_config.json": config})
    with running_demo_hub(root) as hub, HubSession(hub.endpoint) as asking:
        adapter, elsewhere = snapshot_of(asking, "lab/adapter"), snapshot_of(asking, "lab/own-disk")
    assert (adapter.base_models, adapter.base_relation) == (("lab/model",), "adapter")
    assert elsewhere.base_models == ()


def test_a_listing_costs_one_request_and_can_be_completed(session: HubSession) -> None:
    listed = session.listing(RepositoryId(RepositoryKind.MODEL, "lab/packed"), CancelToken())
    assert listed is not None
    assert session.requests == 1
    assert listed.card is None
    assert listed.model.parameters == 17
    whole = session.complete(listed, CancelToken())
    assert session.requests <= 6
    assert whole.card is not None
    assert whole.account is not None
    assert whole.files == listed.files
    assert session.listing(RepositoryId(RepositoryKind.MODEL, "lab/none"), CancelToken()) is None
