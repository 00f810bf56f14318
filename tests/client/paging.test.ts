import assert from "node:assert/strict";
import fc from "fast-check";
import { MAX_PAGES, nextLink, Pages, PagingError } from "../../provider/src/client/paging";
import { type ScriptedServer, startScriptedServer } from "../support/scriptedServer";
import { ID } from "./answers";
import { failure } from "./failure";
import { quickClient } from "./quickClient";

describe("Link header", () => {
  for (const [header, next] of [
    ['<https://h/a?cursor=1>; rel="next"', "https://h/a?cursor=1"],
    ["<https://h/a>; rel=next", "https://h/a"],
    ['<https://h/p>; rel="prev", <https://h/n>; rel="next"', "https://h/n"],
    ['<https://h/n>; title="x"; REL="last next"', "https://h/n"],
    ['<https://h/a,b;c>; rel="next"', "https://h/a,b;c"],
    ['<https://h/a>; rel="nextish"', undefined],
    ['<https://h/a>; rel="prev"', undefined],
    ["https://h/a; rel=next", undefined],
    ["", undefined],
    [undefined, undefined],
  ] as const) {
    it(`is read: ${header ?? "none"}`, () => assert.equal(nextLink(header), next));
  }

  it("with arbitrary text does not crash the parser", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom("<", ">", ";", ",", "=", '"', "rel", "next", " ") }),
        (header) => {
          const next = nextLink(header);
          return next === undefined || header.includes(next);
        },
      ),
    );
  });
});

describe("paging", () => {
  const first = "https://hub.example/api/list?limit=2";
  const link = (url: string): string => `<${url}>; rel="next"`;

  it("ends if there is no link", () => {
    assert.equal(new Pages("https://hub.example", first).next(first, undefined), undefined);
  });

  it("follows absolute and relative links", () => {
    const pages = new Pages("https://hub.example", first);
    assert.equal(pages.next(first, link("?cursor=1")), "https://hub.example/api/list?cursor=1");
    assert.equal(
      pages.next(first, link("https://hub.example/api/list?cursor=2")),
      "https://hub.example/api/list?cursor=2",
    );
  });

  for (const url of [
    "https://evil.example/api/list",
    "http://hub.example/api/list",
    "https://hub.example:444/api/list",
    "https://user@hub.example/api/list",
    "//evil.example/",
    "https://hub.example.evil.example/",
  ]) {
    it(`does not follow ${url}`, () => {
      assert.throws(
        () => new Pages("https://hub.example", first).next(first, link(url)),
        (error: PagingError) => error instanceof PagingError && error.foreign,
      );
    });
  }

  it("detects a circle", () => {
    const pages = new Pages("https://hub.example", first);
    pages.next(first, link("?cursor=1"));
    assert.throws(() => pages.next(first, link("?cursor=1#again")), /form a loop/);
    assert.throws(() => new Pages("https://hub.example", first).next(first, link(first)), /form a loop/);
  });

  it("ends an endless list", () => {
    const pages = new Pages("https://hub.example", first);
    assert.throws(() => {
      for (let i = 0; i <= MAX_PAGES; i++) pages.next(first, link(`?cursor=${i}`));
    }, /more than/);
  });
});

describe("list in pages", () => {
  let server: ScriptedServer;
  afterEach(() => server.close());

  const member = (user: string) => ({ _id: ID, user, type: "user" });

  it("is read to the end, including empty pages", async () => {
    server = await startScriptedServer(
      {
        headers: { Link: '</api/organizations/acme/members?cursor=b>; rel="next"' },
        body: [member("ada")],
      },
      { headers: { Link: '</api/organizations/acme/members?cursor=c>; rel="next"' }, body: [] },
      { body: [member("bob")] },
    );
    const members = await quickClient(server.endpoint).client.listMembers("acme");
    assert.deepEqual(
      members.map(({ user }) => user),
      ["ada", "bob"],
    );
    assert.equal(server.requests[2]?.url, "/api/organizations/acme/members?cursor=c");
  });

  it("never takes the token to another origin", async () => {
    const other = await startScriptedServer({ body: [] });
    server = await startScriptedServer({
      headers: { Link: `<${other.endpoint}/x>; rel="next"` },
      body: [member("ada")],
    });
    try {
      const error = await failure(quickClient(server.endpoint).client.listMembers("acme"));
      assert.equal(error.code, "endpoint_refused");
      assert.equal(other.requests.length, 0);
    } finally {
      await other.close();
    }
  });

  it("ends with an error if the links form a circle", async () => {
    server = await startScriptedServer({
      headers: { Link: '<?cursor=a>; rel="next"' },
      body: [member("ada")],
    });
    const error = await failure(quickClient(server.endpoint).client.listMembers("acme"));
    assert.equal(error.code, "invalid_response");
    assert.match(error.message, /form a loop/);
  });
});

describe("list of repositories", () => {
  let server: ScriptedServer;
  afterEach(() => server.close());

  const repositories = (count: number) =>
    Array.from({ length: count }, (_, at) => ({ id: `acme/m${at}`, type: "model", visibility: "private" }));
  const limits = () =>
    server.requests.map(({ url }) => Number(new URL(url, server.endpoint).searchParams.get("limit")));

  it("is complete if an answer without a link is shorter than its limit", async () => {
    server = await startScriptedServer({ body: repositories(999) });
    assert.equal((await quickClient(server.endpoint).client.listRepositories("acme")).length, 999);
    assert.deepEqual(limits(), [1000]);
  });

  it("is complete after the last page, even if that page is full", async () => {
    const Link = '<?cursor=b&limit=1000>; rel="next"';
    server = await startScriptedServer(
      { headers: { Link }, body: repositories(1000) },
      { body: repositories(1000) },
    );
    assert.equal((await quickClient(server.endpoint).client.listRepositories("acme")).length, 2000);
    assert.deepEqual(limits(), [1000, 1000]);
  });

  it("is requested again with a larger limit if a full answer has no link", async () => {
    server = await startScriptedServer(
      { body: repositories(1000) },
      { body: repositories(10_000) },
      { body: repositories(10_001) },
    );
    const { client } = quickClient(server.endpoint);
    assert.equal((await client.listRepositories("acme", { type: "model" })).length, 10_001);
    assert.deepEqual(limits(), [1000, 10_000, 100_000]);
    assert.match(server.requests[2]?.url ?? "", /\?type=model&limit=100000$/);
  });

  it("fails if the answer to the largest limit is full", async () => {
    server = await startScriptedServer(
      { body: repositories(1000) },
      { body: repositories(10_000) },
      { body: repositories(100_000) },
    );
    const error = await failure(quickClient(server.endpoint).client.listRepositories("acme"));
    assert.equal(error.code, "invalid_response");
    assert.match(
      error.message,
      /may be incomplete: it has 100000 or more items and no link to further pages/,
    );
  });

  it("is requested once with a limit of the caller", async () => {
    server = await startScriptedServer({ body: repositories(1000) });
    const { client } = quickClient(server.endpoint);
    assert.equal((await client.listRepositories("acme", { limit: 1000 })).length, 1000);
    assert.deepEqual(limits(), [1000]);
  });
});
