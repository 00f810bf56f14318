"""Runs the unmodified official Python client on a Hub: all of its operations for an organization.

Writes one line of JSON per call: its name, the error of a failed call, and a mark if the Hub does not offer it.
"""

import json
import os
import sys

from huggingface_hub import HfApi, WebhookWatchedItem

ORG = "acme"
# A Hub's message for a missing operation. The message for a missing object differs.
NO_SUCH_PAGE = "can't find the page"
api = HfApi(endpoint=os.environ["HF_ENDPOINT"], token=os.environ["HF_TOKEN"])
failed = 0


def call(name, run):
    """Runs a call. A failure does not stop the other calls."""
    global failed
    try:
        result = run()
    except Exception as error:  # noqa: BLE001: each error is reported
        if NO_SUCH_PAGE in (getattr(error, "server_message", None) or ""):
            print(json.dumps({"call": name, "offered": False}))
            return None
        failed += 1
        print(json.dumps({"call": name, "error": f"{type(error).__name__}: {error}".splitlines()[0]}))
        return None
    print(json.dumps({"call": name}))
    return result


def expect(condition, what):
    if not condition:
        raise AssertionError(what)


def repositories(repo_type, **creation):
    name = f"{ORG}/python-{repo_type}"
    moved = f"{name}-moved"
    of_type = {"repo_type": repo_type}
    call(f"create_repo {repo_type}", lambda: api.create_repo(name, **of_type, visibility="private", **creation))
    call(f"create_repo {repo_type}, exists", lambda: api.create_repo(name, **of_type, exist_ok=True, **creation))
    call(f"repo_exists {repo_type}", lambda: expect(api.repo_exists(name, **of_type), "it was created"))
    info = call(f"repo_info {repo_type}", lambda: api.repo_info(name, **of_type))
    call(f"repo_info {repo_type}, private", lambda: expect(info.private, "it was created private"))
    call(f"repo_info {repo_type}, revision", lambda: api.repo_info(name, **of_type, revision="main"))
    call(f"repo_info {repo_type}, expand", lambda: api.repo_info(name, **of_type, expand=["private", "tags"]))
    call(f"update_repo_settings {repo_type}", lambda: api.update_repo_settings(name, **of_type, visibility="public"))
    if repo_type == "space":
        call("update_repo_settings space, protected", lambda: api.update_repo_settings(name, **of_type, visibility="protected"))
    else:
        for gated in ("auto", "manual", False):
            call(f"update_repo_settings {repo_type}, gated", lambda: api.update_repo_settings(name, **of_type, gated=gated))
    call(f"move_repo {repo_type}", lambda: api.move_repo(name, moved, **of_type))
    call(f"delete_repo {repo_type}", lambda: api.delete_repo(moved, **of_type))
    call(f"repo_exists {repo_type}, deleted", lambda: expect(not api.repo_exists(moved, **of_type), "it was deleted"))


def space_settings():
    name = f"{ORG}/python-settings"
    call("create_repo space, secrets and variables", lambda: api.create_repo(
        name, repo_type="space", space_sdk="static",
        space_secrets=[{"key": "FIRST", "value": "s"}], space_variables=[{"key": "MODE", "value": "v"}],
    ))
    call("add_space_secret", lambda: api.add_space_secret(name, "TOKEN", "s", description="D"))
    call("get_space_secrets", lambda: expect(
        [(key, secret.description) for key, secret in sorted(api.get_space_secrets(name).items())] == [("FIRST", None), ("TOKEN", "D")],
        "both were added",
    ))
    call("delete_space_secret", lambda: api.delete_space_secret(name, "TOKEN"))
    call("delete_space_secret, deleted", lambda: api.delete_space_secret(name, "TOKEN"))
    call("get_space_secrets, deleted", lambda: expect(list(api.get_space_secrets(name)) == ["FIRST"], "the other was deleted"))
    call("add_space_variable", lambda: expect(
        sorted(api.add_space_variable(name, "SIZE", "1", description="D")) == ["MODE", "SIZE"], "it was added to the other",
    ))
    call("add_space_variable, exists", lambda: expect(
        api.add_space_variable(name, "SIZE", "2")["SIZE"].value == "2", "it was replaced",
    ))
    call("get_space_variables", lambda: expect(api.get_space_variables(name)["SIZE"].updated_at, "it was added"))
    call("delete_space_variable", lambda: expect(list(api.delete_space_variable(name, "SIZE")) == ["MODE"], "the other stays"))
    call("delete_repo space, secrets and variables", lambda: api.delete_repo(name, repo_type="space"))


def listings():
    for name, of_type in (("models", api.list_models), ("datasets", api.list_datasets), ("spaces", api.list_spaces)):
        call(f"list_{name} by author", lambda: expect(list(of_type(author=ORG)), "the organization has some"))
        call(f"list_{name}, limit", lambda: expect(len(list(of_type(author=ORG, limit=1))) == 1, "one was asked for"))
        call(f"list_{name}, expand", lambda: list(of_type(author=ORG, expand=["private", "sha"])))
        call(f"list_{name}, full, sort", lambda: list(of_type(author=ORG, full=True, sort="downloads")))
    call("list_user_repos", lambda: expect(list(api.list_user_repos(ORG)), "the organization has some"))
    call("list_user_repos, own", lambda: list(api.list_user_repos()))


def organization():
    call("whoami", lambda: expect(any(org["name"] == ORG for org in api.whoami()["orgs"]), "the token is a member's"))
    call("list_organization_members", lambda: expect(list(api.list_organization_members(ORG)), "it has members"))


def buckets():
    name = f"{ORG}/python-bucket"
    call("create_bucket", lambda: api.create_bucket(name, private=True))
    call("create_bucket, exists", lambda: api.create_bucket(name, exist_ok=True))
    call("bucket_info", lambda: expect(api.bucket_info(name).private, "it was created private"))
    call("list_buckets", lambda: expect(list(api.list_buckets(ORG)), "the organization has some"))
    call("update_bucket_settings", lambda: api.update_bucket_settings(name, private=False))
    call("move_bucket", lambda: api.move_bucket(name, f"{name}-moved"))
    call("delete_bucket", lambda: api.delete_bucket(f"{name}-moved"))


def kernels():
    name = f"{ORG}/python-kernel"
    of_type = {"repo_type": "kernel"}
    call("create_repo kernel", lambda: api.create_repo(name, **of_type, visibility="private"))
    call("kernel_info", lambda: expect(api.kernel_info(name).private, "it was created private"))
    call("repo_info kernel, revision", lambda: api.repo_info(name, **of_type, revision="main"))
    call("move_repo kernel", lambda: api.move_repo(name, f"{name}-moved", **of_type))
    call("delete_repo kernel", lambda: api.delete_repo(f"{name}-moved", **of_type))


def collections():
    made = call("create_collection", lambda: api.create_collection("By Python", namespace=ORG, private=True))
    call("list_collections", lambda: list(api.list_collections(owner=ORG)))
    if made is None:
        return
    call("get_collection", lambda: api.get_collection(made.slug))
    item = f"{ORG}/llm-private"
    full = call("add_collection_item", lambda: api.add_collection_item(made.slug, item_id=item, item_type="model", note="N"))
    if full is not None:
        entry = full.items[0].item_object_id
        call("update_collection_item", lambda: api.update_collection_item(made.slug, entry, note="Changed"))
        call("delete_collection_item", lambda: api.delete_collection_item(made.slug, entry))
    call("update_collection_metadata", lambda: api.update_collection_metadata(made.slug, title="Changed"))
    call("delete_collection", lambda: api.delete_collection(made.slug))


def webhooks():
    watched = [WebhookWatchedItem(type="org", name=ORG)]
    url = "https://hooks.example.com/hub"
    made = call("create_webhook", lambda: api.create_webhook(url=url, watched=watched, domains=["repo"], secret="wh"))
    call("list_webhooks", lambda: expect(api.list_webhooks(), "one was created"))
    if made is None:
        return
    call("get_webhook", lambda: api.get_webhook(made.id))
    call("update_webhook", lambda: api.update_webhook(made.id, url=url + "2", watched=watched, domains=["repo", "discussion"]))
    call("disable_webhook", lambda: expect(api.disable_webhook(made.id).disabled, "it was disabled"))
    call("enable_webhook", lambda: api.enable_webhook(made.id))
    call("delete_webhook", lambda: api.delete_webhook(made.id))


organization()
repositories("model")
repositories("dataset")
repositories("space", space_sdk="docker")
space_settings()
listings()
buckets()
kernels()
webhooks()
collections()
sys.exit(1 if failed else 0)
