// Records what a release writes, once per release: `npx tsx tests/upgrade/record.ts VERSION`. Recordings are never
// made again: later releases have to read them without a difference.
import { existsSync } from "node:fs";
import { copyFile, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeCertificate } from "../support/certificate";
import { createProject } from "../support/engine";
import { governance } from "../support/governance";
import { startHub } from "../support/hub";
import { FILES, RECORDINGS } from "./recording";

const program = (
  certificate: string,
  trigger: string,
  groupId: string,
): string => `const hf = require("pulumi-huggingface");

const account = new hf.ServiceAccount("ci", { organization: "acme", name: "ci", description: "Build pipeline" });
const token = new hf.HubToken("ci", {
  organization: "acme",
  serviceAccount: account.accountId,
  name: "ci",
  permissions: ["org.read", "collection.read"],
  repos: ["acme/llm-private"],
  repoPermissions: ["repo.content.read"],
  rotateEveryDays: 3650,
  rotationTriggers: { reason: ${JSON.stringify(trigger)} },
  overlapHours: 0,
  idleMinutes: 0,
});
new hf.HubToken("own", { name: "own", role: "write", expiresAt: "2124-01-01T00:00:00Z" });
const sso = new hf.SsoConfig("sso", {
  organization: "acme",
  provider: "saml",
  ssoUrl: "https://idp.acme.example/sso",
  certificate: ${JSON.stringify(certificate)},
});
new hf.SsoCredential(
  "credential",
  { organization: "acme", certificate: ${JSON.stringify(certificate)}, replaceExisting: true },
  { dependsOn: sso },
);
new hf.OrganizationVisibility("acme", {
  organization: "acme",
  exceptions: [{ repo: "acme/corpus", repoType: "dataset", visibility: "public", reason: "benchmark" }],
});
new hf.ResourceGroup("research", {
  organization: "acme",
  name: "Research",
  description: "Models that are not released",
  spendLimits: { total: 5000 },
  members: [{ user: "wim-write", role: "write" }],
  repositories: [{ repo: "acme/speech-base" }, { repo: "acme/corpus", repoType: "dataset" }],
});
new hf.RepoVisibility("private", { repo: "acme/llm-private", private: true });
new hf.RepoVisibility("public", {
  repo: "acme/demo-space",
  repoType: "space",
  visibility: "public",
  acknowledgePublic: "product page",
});
const groupId = ${JSON.stringify(groupId)};
new hf.MemberRole("rex", { organization: "acme", user: "rex-read", role: "contributor" });
new hf.ResourceGroupMember("rex", { organization: "acme", groupId, user: "rex-read", role: "write" });
new hf.RepoResourceGroup("llm", { repo: "acme/llm-private", groupId });
new hf.SpaceSecret("secret", { space: "acme/demo-space", key: "HF_TOKEN", value: token.token, description: "for the API" });
new hf.SpaceVariable("variable", { space: "acme/demo-space", key: "MODEL", value: "acme/llm" });
exports.token = token.token;
`;

async function record(version: string): Promise<void> {
  const target = join(RECORDINGS, version);
  if (existsSync(target)) throw new Error(`${target} exists already, and a recording is never made again.`);
  const folder = await mkdtemp(join(tmpdir(), "recording-"));
  const { certificate } = await makeCertificate({ notAfterDate: new Date("2124-01-01T00:00:00Z") });
  const stateFile = join(folder, FILES.hub);
  const hub = await startHub({ stateFile });
  const { id: groupId } = await governance(hub).client.createResourceGroup("acme", { name: "research" });
  const project = await createProject({
    name: "upgrade",
    env: { HF_ENDPOINT: hub.endpoint, HF_TOKEN: hub.tokens.admin },
    program: { [FILES.program]: program(certificate, "first", groupId) },
  });
  try {
    await project.up();
    // After a rotation whose predecessor is revoked, the state has everything that it can have, and nothing is due.
    await project.write(FILES.program, program(certificate, "second", groupId));
    await project.up();
    await project.up();
    await project.preview({ refresh: true, expectNoChanges: true });
    const state = JSON.stringify(await project.state(), null, 2);
    await hub.close();
    await mkdir(target, { recursive: true });
    await writeFile(join(target, FILES.program), program(certificate, "second", groupId));
    await writeFile(join(target, FILES.stack), `${state}\n`);
    await copyFile(stateFile, join(target, FILES.hub));
  } finally {
    await project.dispose();
    await rm(folder, { recursive: true });
  }
}

const [version] = process.argv.slice(2);
if (!version || !/^\d+\.\d+\.\d+$/.test(version)) throw new Error("Give the version, such as 0.1.0.");
void record(version);
