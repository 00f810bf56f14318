import assert from "node:assert/strict";
import fc from "fast-check";
import { MAX_PAGES, nextLink, Pages, PagingError } from "../../provider/src/client/paging";

describe("the Link header", () => {
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
    it(`${header ?? "without one"}`, () => assert.equal(nextLink(header), next));
  }

  it("is read whatever it says", () => {
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

describe("following pages", () => {
  const first = "https://hub.example/api/list?limit=2";
  const link = (url: string): string => `<${url}>; rel="next"`;

  it("ends without a link", () => {
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
    it(`never follows ${url}`, () => {
      assert.throws(
        () => new Pages("https://hub.example", first).next(first, link(url)),
        (error: PagingError) => error instanceof PagingError && error.foreign,
      );
    });
  }

  it("notices a circle", () => {
    const pages = new Pages("https://hub.example", first);
    pages.next(first, link("?cursor=1"));
    assert.throws(() => pages.next(first, link("?cursor=1#again")), /circle/);
    assert.throws(() => new Pages("https://hub.example", first).next(first, link(first)), /circle/);
  });

  it("ends an endless list", () => {
    const pages = new Pages("https://hub.example", first);
    assert.throws(() => {
      for (let i = 0; i <= MAX_PAGES; i++) pages.next(first, link(`?cursor=${i}`));
    }, /more than/);
  });
});
