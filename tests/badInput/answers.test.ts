// Answers that a Hub should never give: each one leads to a result of the right form or to a HubError.
import assert from "node:assert/strict";
import fc from "fast-check";
import { HubError } from "../../provider/src/client/errors";
import { LifecycleError } from "../../provider/src/model/definition";
import { withoutUndefined } from "../../provider/src/model/plain";
import { quickClient, TOKEN } from "../client/quickClient";
import { fixedCertificates } from "../rules/fixedCertificates";
import { inMemory } from "../support/inMemory";
import {
  assertNoPollution,
  assertPresentable,
  deep,
  hostileText,
  hostileValue,
  runs,
  spoilt,
} from "./hostile";
import { answers, NAMES, operationsWith, scriptedTransport, type Scripted } from "./operations";
import { samplesWith } from "./samples";

const OPERATIONS = operationsWith(NAMES);

function clientOf(script: () => Scripted) {
  const transport = scriptedTransport(script);
  const { client } = quickClient("http://127.0.0.1:1", { maxRetries: 1 }, { transport });
  return { client, transport };
}

/** Like `JSON.stringify`, but without recursion into deep data. */
function jsonOf(value: unknown): string {
  try {
    return JSON.stringify(value) ?? "null";
  } catch {
    return "[".repeat(50_000) + "]".repeat(50_000);
  }
}

function assertClean(error: unknown): void {
  assert.ok(error instanceof HubError, (error as Error).stack);
  assertPresentable(error.message);
  assert.ok(!error.message.includes(TOKEN));
}

async function outcomeOf(call: () => Promise<unknown>): Promise<unknown> {
  try {
    const result = await call();
    assertNoPollution(result);
    return result;
  } catch (error) {
    assertClean(error);
    assertNoPollution();
    return error;
  }
}

/** The same bytes, split at random positions. */
const inPieces = (text: string) =>
  fc.array(fc.nat({ max: 60 }), { maxLength: 6 }).map((sizes): Uint8Array[] => {
    const bytes = Buffer.from(text, "utf8");
    const pieces: Uint8Array[] = [];
    let at = 0;
    for (const size of sizes) pieces.push(bytes.subarray(at, (at += size)));
    return [...pieces, bytes.subarray(at)];
  });

describe("client with a broken Hub", function () {
  this.timeout(120_000);

  for (const operation of OPERATIONS) {
    const right = operation.answer ?? { ok: true };

    it(`accepts a correct answer to ${operation.name}`, async () => {
      const { client } = clientOf(() => ({ body: jsonOf(right) }));
      assertNoPollution(await operation.call(client));
    });

    it(`survives an answer to ${operation.name} with one mistake`, async () => {
      await fc.assert(
        fc.asyncProperty(spoilt(right), async (answer) => {
          const { client } = clientOf(() => ({ body: jsonOf(answer) }));
          await outcomeOf(() => operation.call(client));
        }),
        runs(180),
      );
    });

    it(`survives any answer to ${operation.name}`, async () => {
      const header = fc.oneof(
        hostileText,
        fc.constantFrom("1", "0", '"api";r=0;t=1', '<?p=2>; rel="next"', "gzip"),
      );
      const names =
        "link retry-after ratelimit ratelimit-policy x-error-code x-error-message x-request-id location content-encoding";
      await fc.assert(
        fc.asyncProperty(
          fc.oneof(fc.constantFrom(200, 200, 201, 204), fc.integer({ min: 100, max: 999 })),
          fc.dictionary(fc.constantFrom(...names.split(" ")), header, { maxKeys: 3 }),
          fc.oneof(
            hostileValue.map(jsonOf),
            hostileText,
            fc.constant(jsonOf(right)),
            hostileValue.map((value) =>
              jsonOf({ error: value, errors: [{ message: value }], detail: value }),
            ),
            fc.constantFrom(`<html><title>${"x".repeat(1000)}`, "{", "[".repeat(100_000), "\uFEFF[]", "nul"),
          ),
          async (status, headers, body) => {
            const { client } = clientOf(() => ({ status, headers, body }));
            await outcomeOf(() => operation.call(client));
          },
        ),
        runs(120),
      );
    });
  }

  it("reads the same audit log whether it arrives whole or in pieces", async () => {
    const [event] = answers.events;
    await fc.assert(
      fc.asyncProperty(
        fc
          .array(
            fc.oneof(fc.constantFrom<unknown>(...answers.events), spoilt(event as object), hostileValue),
            {
              maxLength: 4,
            },
          )
          .map(jsonOf)
          .chain((text) => fc.tuple(fc.constant(text), inPieces(text))),
        async ([text, pieces]) => {
          const read = async (body: string | Uint8Array[]) => {
            const { client } = clientOf(() => ({ body }));
            const outcome = await outcomeOf(async () => {
              const entries = [];
              for await (const entry of client.streamAuditLogs("acme")) entries.push(entry);
              return entries;
            });
            return outcome instanceof HubError ? outcome.message : outcome;
          };
          assert.deepEqual(await read(pieces), await read(text));
        },
      ),
      runs(1000),
    );
  });

  it("survives deep and huge answers", async () => {
    const bodies = [
      jsonOf(deep()),
      jsonOf([deep(2000)]),
      `{"orgs":${"[".repeat(100_000)}${"]".repeat(100_000)}}`,
      jsonOf("x".repeat(5_000_000)),
      jsonOf({ error: "<b>".repeat(100_000) }),
      "<title".repeat(100_000),
      jsonOf(
        Array.from({ length: 20_000 }, (_item, n) => ({ ...answers.repositories[0], id: `acme/m${n}` })),
      ),
    ];
    for (const operation of OPERATIONS) {
      for (const status of [200, 400]) {
        for (const body of bodies) {
          await outcomeOf(() => operation.call(clientOf(() => ({ status, body })).client));
        }
      }
    }
  });
});

describe("resource on a broken Hub", function () {
  this.timeout(120_000);

  const right = (path: string, method: string): object => {
    if (path.includes("/whoami-v2")) return answers.whoami;
    if (path.includes("/settings/repositories")) return answers.repositories;
    if (path.includes("/settings/sso")) return answers.sso;
    if (path.includes("/service-accounts")) {
      if (/\/tokens$/.test(path)) return answers.issued;
      if (/\/tokens\//.test(path)) return answers.tokenInfo;
      if (/\/service-accounts$/.test(path)) return method === "POST" ? answers.account : answers.accounts;
      return answers.accountDetails;
    }
    if (path.includes("/settings/tokens"))
      return method === "POST" ? answers.createdToken : answers.userTokens;
    return answers.repo;
  };

  for (const { name, definition, id, inputs, state } of samplesWith(fixedCertificates.p384)) {
    it(`survives one malformed answer to ${name}`, async () => {
      const { stateVersion: _version, ...kept } = state;
      await fc.assert(
        fc.asyncProperty(
          fc.constantFrom("create", "get", "read", "update", "delete"),
          fc.nat({ max: 3 }),
          fc.oneof(fc.constant(200), fc.constantFrom(400, 401, 403, 404, 409, 500)),
          fc.nat(),
          async (step, wrongAt, status, seed) => {
            let asked = 0;
            const transport = scriptedTransport(({ url, method }) => {
              const answer = right(new URL(url).pathname, method);
              if (asked++ !== wrongAt) return { body: jsonOf(answer) };
              const [spoiltAnswer] = fc.sample(spoilt(answer), { numRuns: 1, seed });
              return { status, body: jsonOf(spoiltAnswer) };
            });
            const { client } = quickClient("http://127.0.0.1:1", { maxRetries: 0 }, { transport });
            const { context } = inMemory(client, {
              // The certificate is valid at this time.
              now: new Date("2027-01-01T00:00:00Z"),
              fetchDocument: () => Promise.reject(new Error("not reachable")),
            });
            const steps = {
              create: () => definition.create(inputs, context),
              get: () => definition.read(id, undefined, context),
              read: () => definition.read(id, kept, context),
              update: async () => ({ state: await definition.update(id, kept, inputs, context) }),
              delete: () => definition.delete(id, kept, context),
            };
            try {
              const result = await steps[step]();
              assertNoPollution(withoutUndefined(result));
              // The release must be able to read the state that it writes.
              if (result) definition.stateReader?.(withoutUndefined(result.state), "");
            } catch (error) {
              if (!(error instanceof LifecycleError)) assertClean(error);
              assertNoPollution();
            }
          },
        ),
        runs(400),
      );
    });
  }
});
