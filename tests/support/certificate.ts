import { type SelfsignedOptions, generate } from "selfsigned";

/** A certificate for a test, with its key. */
export interface TestCertificate {
  /** PEM. */
  certificate: string;
  /** PEM. Secret. */
  privateKey: string;
}

/** Makes a self-signed certificate. By default: RSA 2048 with SHA-256, valid for a year. */
export async function makeCertificate(
  options: SelfsignedOptions & { cn?: string } = {},
): Promise<TestCertificate> {
  const { cn = "idp.acme.example", ...others } = options;
  const made = await generate([{ name: "commonName", value: cn }], {
    keySize: 2048,
    algorithm: "sha256",
    ...others,
  });
  return { certificate: made.cert, privateKey: made.private };
}
