import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { generate } from "selfsigned";

/**
 * Returns a certificate FOR TRIALS ONLY. No one can sign in with it, because its private key is discarded. It is stored
 * in a file, because a new certificate in each run would be a change in each run.
 */
export async function trialCertificate(file: string): Promise<string> {
  if (!existsSync(file)) {
    const { cert } = await generate([{ name: "commonName", value: "for trying only" }], {
      algorithm: "sha256",
      keySize: 2048,
    });
    writeFileSync(file, cert);
  }
  return readFileSync(file, "utf8");
}
