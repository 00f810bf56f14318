import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { generate } from "selfsigned";

/**
 * A certificate FOR TRYING ONLY: nobody can sign in with it, because its private key is thrown away. It is kept in a
 * file, since a new one in each run would be a change in each run.
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
