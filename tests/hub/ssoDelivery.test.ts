// Covers the comparison before a configuration of single sign-on is sent, and the check of the result.
import assert from "node:assert/strict";
import { HubError, type SsoSettings, type SsoUpdate } from "../../provider/src/client";
import { type LifecycleContext } from "../../provider/src/model/definition";
import {
  compareWithPublished,
  deliver,
  type Published,
  warnOfUnknownBefore,
} from "../../provider/src/hub/ssoDelivery";
import { fingerprintOf, parseCertificate } from "../../provider/src/rules/certificate";
import { parseConfiguration } from "../../provider/src/rules/ssoComparison";
import { type Delivery } from "../../provider/src/rules/ssoOutcome";
import { inMemory } from "../support/inMemory";
import { published } from "../support/published";
import { samlMetadata } from "../support/samlMetadata";
import { IN_FORCE, ISSUER, METADATA, nextPem, NOT_CONFIGURED, pem, SIGN_ON } from "../support/sso";

const DISCOVERY = `${ISSUER}/.well-known/openid-configuration`;

describe("comparison with the identity provider's published data", () => {
  const saml = { metadataUrl: METADATA, ssoUrl: SIGN_ON, certificate: parseCertificate(pem) };
  const compare = async (declared: Published, documents: Record<string, string> = {}) => {
    const { context, said } = inMemory({}, { now: IN_FORCE, fetchDocument: published(documents) });
    return { words: await compareWithPublished(declared, context), said };
  };
  const named = (issuer: unknown) => ({ [DISCOVERY]: JSON.stringify({ issuer }) });
  const metadata = (...certificates: string[]) => ({ [METADATA]: samlMetadata({ certificates }) });

  const equal: [string, Published, Record<string, string>, string][] = [
    ["metadata", saml, metadata(nextPem, pem), "ssoUrl and certificate"],
    [
      "metadata, for a certificate only",
      { metadataUrl: METADATA, certificate: parseCertificate(pem) },
      metadata(pem),
      "certificate",
    ],
    ["the discovery document", { issuer: ISSUER }, named(ISSUER), "the issuer"],
    [
      "the discovery document of an issuer with a path",
      { issuer: `${ISSUER}/tenant/` },
      {
        [`${ISSUER}/tenant/.well-known/openid-configuration`]: JSON.stringify({
          issuer: `${ISSUER}/tenant/`,
        }),
      },
      "the issuer",
    ],
  ];
  for (const [title, declared, documents, parts] of equal) {
    it(`finds no difference in ${title}`, async () =>
      assert.deepEqual(await compare(declared, documents), {
        words: `the identity provider publishes the same (${parts})`,
        said: [],
      }));
  }

  it("is skipped if there is no address", async () => {
    const words = "it was not compared with what the identity provider publishes";
    for (const declared of [{ ...saml, metadataUrl: undefined }, { issuer: undefined }]) {
      assert.deepEqual(await compare(declared), { words, said: [] });
    }
  });

  const outOfDate = samlMetadata({
    certificates: [nextPem],
    attributes: 'validUntil="2027-01-10T00:00:00Z"',
  });
  const unverified: [string, Published, Record<string, string>, string][] = [
    ["the metadata cannot be fetched", saml, {}, `${METADATA} could not be reached`],
    ["it is an HTML page", saml, { [METADATA]: "<html>Sign in</html>" }, "its response is not the SAML"],
    [
      "it contains a document type",
      saml,
      { [METADATA]: "<!DOCTYPE x><x/>" },
      "its response contains a document type",
    ],
    ["the metadata is out of date", saml, { [METADATA]: outOfDate }, "its response expired at 2027-01-10"],
    ["the discovery document cannot be fetched", { issuer: ISSUER }, {}, `${DISCOVERY} could not be reached`],
    ["it is not JSON", { issuer: ISSUER }, { [DISCOVERY]: "<html/>" }, "its response is not JSON"],
    ["it names no issuer", { issuer: ISSUER }, named(1), "its discovery document has no issuer"],
  ];
  for (const [title, declared, documents, reason] of unverified) {
    it(`warns and continues if ${title}, so that a network error locks no one out`, async () => {
      const { words, said } = await compare(declared, documents);
      assert.equal(words, "it could not be compared with what the identity provider publishes");
      const parts = declared.issuer === undefined ? "ssoUrl and certificate" : "the issuer";
      const begin = `warn ${parts} could not be compared with what the identity provider publishes: ${reason}`;
      assert.equal(said.length, 1);
      assert.ok(said[0]?.startsWith(begin), said[0]);
      assert.match(said[0] ?? "", /\. The configuration is sent anyway\.$/);
    });
  }

  const other = `${ISSUER}/tenant`;
  const refused: [string, Published, Record<string, string>, RegExp[]][] = [
    [
      "the certificate is not published",
      saml,
      metadata(nextPem),
      [
        new RegExp(`SHA-256 ${fingerprintOf(pem)}.*${fingerprintOf(nextPem)}`),
        /; if you are sure, remove metadataUrl\.$/,
      ],
    ],
    [
      "the sign-on URL is not published",
      { ...saml, ssoUrl: `${SIGN_ON}/other` },
      metadata(pem),
      [
        /the sign-on URL is not one of the 1 in the metadata: https:\/\/idp\.acme\.example\/sso\. No one could sign in/,
      ],
    ],
    [
      "it names another issuer",
      { issuer: ISSUER },
      named(other),
      [
        /names another issuer, https:\/\/login\.acme\.example\/tenant\. /,
        /; if you are sure, set verifyIssuer to false\.$/,
      ],
    ],
    [
      "it names the issuer with an extra / at the end",
      { issuer: ISSUER },
      named(`${ISSUER}/`),
      [/writes the issuer differently, https:\/\/login\.acme\.example\/, and it must match exactly/],
    ],
    [
      "it names a URL with a query, which may contain a secret",
      { issuer: ISSUER },
      named("https://a.example/b?t=secret"),
      [/, https:\/\/a\.example\/b\. /],
    ],
    [
      "it names a URL with a user name, which may contain a secret",
      { issuer: ISSUER },
      named("https://u:secret@a.example/"),
      [/, https:\/\/a\.example\/\. /],
    ],

    [
      "it names something that is not a URL",
      { issuer: ISSUER },
      named("secret secret"),
      [/, which is not a URL\. /],
    ],
    [
      "it names a very long URL",
      { issuer: ISSUER },
      named(`https://a.example/${"x".repeat(300)}`),
      [/, https:\/\/a\.example\/x{182}\. /],
    ],
  ];
  for (const [title, declared, documents, words] of refused) {
    it(`refuses to send if ${title}`, async () => {
      await assert.rejects(compare(declared, documents), (error: Error) => {
        assert.equal(error.name, "LifecycleError");
        assert.match(
          error.message,
          /^Nothing was sent, because the identity provider publishes something else: /,
        );
        for (const each of words) assert.match(error.message, each);
        assert.ok(!error.message.includes("secret"), error.message);
        return true;
      });
    });
  }
});

describe("single sign-on delivery", () => {
  const old = {
    provider: "oidc",
    enabled: true,
    ssoUrl: ISSUER,
    clientId: "old",
    clientSecret: "old-secret",
  } as const;
  const { clientSecret: _secret, ...oldSettings } = old;
  const update: SsoUpdate = { clientId: "new", clientSecret: "new-secret" };
  const delivery: Delivery = {
    organization: "acme",
    update,
    declared: parseConfiguration({ ...old, ...update }),
    before: parseConfiguration<SsoSettings>(oldSettings),
    remembered: parseConfiguration(old),
  };
  type Doing = (settings: SsoSettings) => SsoSettings | undefined | HubError;
  const asSent: Doing = (settings) => settings;
  const another: Doing = (settings) => ({ ...settings, ssoUrl: "https://another.example" });
  const none: Doing = () => undefined;
  const hubError = (what: string) => new HubError({ what, status: 400 });
  const lost = new HubError({
    what: "The Hub closed the connection.",
    outcomeUnknown: true,
    code: "network",
  });

  /** A Hub that handles each request as the test defines, in order. */
  function wayward(
    doings: Doing[],
    {
      answer,
      meanwhile,
      unreadable = [],
    }: { answer?: Error; meanwhile?: SsoSettings; unreadable?: number[] } = {},
  ) {
    const sent: SsoUpdate[] = [];
    let held: SsoSettings | undefined = { ...oldSettings };
    let reads = 0;
    const surroundings = inMemory({
      updateSsoConfig(_organization: string, each: SsoUpdate) {
        sent.push(each);
        const { clientSecret: _each, ...readable } = each;
        const asked = { ...oldSettings, ...held, ...readable };
        const done = (doings[sent.length - 1] as Doing)(asked);
        if (done instanceof HubError) return Promise.reject(done);
        held = meanwhile ?? done;
        return answer && sent.length === 1 ? Promise.reject(answer) : Promise.resolve(done ?? asked);
      },
      getSsoConfig() {
        reads += 1;
        if (unreadable.includes(reads)) return Promise.reject(new HubError({ what: "No." }));
        return held ? Promise.resolve(held) : Promise.reject(NOT_CONFIGURED);
      },
    });
    return { ...surroundings, sent, run: () => deliver(delivery, surroundings.context) };
  }

  it("returns the Hub's configuration without a message", async () => {
    const { run, sent, said } = wayward([asSent]);
    assert.match((await run()).words, /^the Hub has the declared configuration, as far as/);
    assert.deepEqual([sent, said], [[update], []]);
  });
  it("uses the answer if the configuration cannot be read back, and warns", async () => {
    const { run, said } = wayward([asSent], { unreadable: [1] });
    assert.equal((await run()).words, "the Hub accepted the configuration");
    assert.deepEqual(said, ["warn the Hub accepted the configuration, but it could not be read back."]);
  });
  it("throws a refusal unchanged, because a refusal changes nothing", async () => {
    const refusal = hubError("The Hub refused.");
    await assert.rejects(wayward([() => refusal]).run(), refusal);
  });

  const failures: [string, ReturnType<typeof wayward>, RegExp, number][] = [
    [
      "the Hub has no configuration",
      wayward([none]),
      /^The Hub accepted .* The Hub has no configuration now\./,
      1,
    ],
    [
      "after a lost answer, without knowing whether a secret arrived",
      wayward([asSent], { answer: lost }),
      /^The Hub closed the connection\. The Hub has the declared configuration, but the client secret/,
      1,
    ],
    [
      "after a lost answer, if the configuration cannot be read",
      wayward([asSent], { answer: lost, unreadable: [1] }),
      /^The Hub closed the connection\. The configuration could not be read back either\./,
      1,
    ],
    [
      "after it restored the old configuration",
      wayward([another, () => oldSettings]),
      /now has a different ssoUrl from what was sent\. That is neither .* was restored and read back unchanged, except for the client secret, which cannot be read back\. Check/,
      2,
    ],
    [
      "after a lost answer, without a restoration",
      wayward([another], { answer: lost }),
      /^The Hub closed the connection\. The Hub has neither .* left unchanged, .* Check/,
      1,
    ],
    [
      "without a restoration if someone has changed the configuration since the answer",
      wayward([another], { meanwhile: { ...oldSettings, clientId: "by hand" } }),
      /now has a different clientId from what was sent\. That is neither .* left unchanged, .* Check/,
      1,
    ],
    [
      "the restored configuration differs",
      wayward([another, another]),
      /The previous configuration was sent again, but the Hub has another ssoUrl\. Check .* administrator who is still signed in/,
      2,
    ],
    [
      "the restoration is refused",
      wayward([another, () => hubError("The Hub is down.")]),
      /could not be restored: The Hub is down\. Check/,
      2,
    ],
    [
      "the restored configuration cannot be read back",
      wayward([another, asSent], { unreadable: [2] }),
      /The previous configuration was sent again, but could not be read back\. Check/,
      2,
    ],
    [
      "the restored configuration is gone",
      wayward([another, none]),
      /The previous configuration was sent again, but could not be read back\./,
      2,
    ],
  ];
  for (const [title, { run, sent }, message, requests] of failures) {
    it(`fails: ${title}`, async () => {
      await assert.rejects(run(), { name: "LifecycleError", message });
      assert.equal(sent.length, requests);
      if (requests === 2) assert.deepEqual(sent[1], old);
    });
  }

  it("fails without a restoration if the state does not contain the previous configuration", async () => {
    const { context, sent } = wayward([another]);
    await assert.rejects(deliver({ ...delivery, remembered: undefined }, context), {
      message: /The previous configuration was not restored: it is not in the state\. Check/,
    });
    assert.equal(sent.length, 1);
  });
  it("restores SAML and reports it without a reservation", async () => {
    const saml = { provider: "saml", enabled: true, ssoUrl: SIGN_ON, certificate: pem } as const;
    const doings = [{ ...saml, enabled: false }, saml];
    const sent: SsoUpdate[] = [];
    const { context } = inMemory({
      updateSsoConfig(_organization: string, each: SsoUpdate) {
        sent.push(each);
        return Promise.resolve(doings[0]);
      },
      getSsoConfig: () => Promise.resolve(doings.shift()),
    });
    const change = { certificate: nextPem };
    const ofSaml: Delivery = {
      organization: "acme",
      update: change,
      declared: parseConfiguration({ ...saml, ...change }),
      before: parseConfiguration<SsoSettings>(saml),
      remembered: parseConfiguration(saml),
    };
    await assert.rejects(deliver(ofSaml, context), {
      message: /was restored and read back unchanged\. Check/,
    });
    assert.deepEqual(sent, [change, saml]);
  });

  it("warns in advance if the Hub's configuration could not be restored", () => {
    const warned = (changes: Partial<Delivery>) => {
      const said: string[] = [];
      const log: LifecycleContext["log"] = { info: assert.fail, warn: (text) => void said.push(text) };
      warnOfUnknownBefore({ ...delivery, ...changes }, log);
      return said;
    };
    const warning =
      "the configuration on the Hub differs from the state. If the change fails, the provider cannot restore the one on the Hub";
    const before = parseConfiguration<SsoSettings>({ ...oldSettings, clientId: "by hand" });
    assert.deepEqual(warned({ before }), [`${warning} and does not know its client secret.`]);
    const ofSaml = parseConfiguration<SsoSettings>({ provider: "saml", enabled: true, ssoUrl: SIGN_ON });
    assert.deepEqual(warned({ before: ofSaml }), [`${warning}.`]);
    const turnedOff = parseConfiguration<SsoSettings>({ ...oldSettings, enabled: false });
    for (const harmless of [
      {},
      { before: turnedOff },
      { before: undefined },
      { before, remembered: undefined },
    ]) {
      assert.deepEqual(warned(harmless), []);
    }
  });
});
