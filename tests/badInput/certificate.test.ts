import assert from "node:assert/strict";
import fc from "fast-check";
import { fingerprintOf, parseCertificate, sameCertificate } from "../../provider/src/rules/certificate";
import { makeCertificate } from "../support/certificate";
import { runs } from "./hostile";

const pemOf = (bytes: Uint8Array): string =>
  `-----BEGIN CERTIFICATE-----\n${Buffer.from(bytes).toString("base64")}\n-----END CERTIFICATE-----\n`;

describe("damaged certificate", function () {
  this.timeout(60_000);

  it("is either parsed or refused", async () => {
    const { certificate } = await makeCertificate();
    const right = Buffer.from(certificate.replace(/-----[A-Z ]+-----|\s/g, ""), "base64");
    const change = fc.tuple(fc.nat({ max: right.length - 1 }), fc.nat({ max: 255 }));
    let unreadable = 0;
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), fc.nat({ max: 20 }), (changes, cut) => {
        const bytes = Buffer.from(right.subarray(0, right.length - Math.max(0, cut - 15)));
        for (const [at, value] of changes) if (at < bytes.length) bytes[at] = value;
        const reading = parseCertificate(pemOf(bytes));
        if ("problem" in reading) unreadable += 1;
        else assert.ok(!Number.isNaN(Date.parse(reading.facts.expiresAt)));
        fingerprintOf(bytes.toString("base64"));
        sameCertificate(reading, parseCertificate(certificate));
      }),
      runs(1500),
    );
    assert.ok(unreadable > 0);
  });
});
