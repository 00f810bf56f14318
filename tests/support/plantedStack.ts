// The base of the secret tests: a Hub, a careless proxy in front of it, a stack, and a different secret in every
// place that takes one. After each command, everything that it left behind is searched.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { HubClient } from "../../provider/src/client";
import { makeCertificate } from "./certificate";
import { type Asked, type EchoProxy, startEchoProxy } from "./echoProxy";
import {
  type CommandOptions,
  createProject,
  type EngineResult,
  type Env,
  type OperationOptions,
  type Project,
} from "./engine";
import { type Hub, startHub } from "./hub";
import { SecretSearch } from "./secretSearch";

/** A unique text. */
export const random = (): string => randomBytes(9).toString("hex");

/** The ways to pass an administrator's token. */
export type Way = "env" | "oldEnv" | "file" | "config" | "configEnv" | "argument" | "argumentEnv";

export const sso = (name: string, args: string): string =>
  `new hf.SsoConfig("${name}", { organization: "acme", adopt: true, ${args} });\n`;

export const oidc = (secret = "e.PLANT_SECRET"): string =>
  `provider: "oidc", ssoUrl: "https://login.acme.example", clientId: "hub", clientSecret: ${secret}`;

/** The beginning of each program. */
export const HEAD = 'const hf = require("pulumi-huggingface");\nconst e = process.env;\n';

/** Every kind of resource, with secrets in every possible place, before and after a change of all of them. */
export const lifecycle = (changed = false): string => `${HEAD}
${sso("sso", oidc(changed ? "e.PLANT_SECRET_2" : undefined))}
const account = new hf.ServiceAccount("ci", { organization: "acme", name: "ci", description: "Build" });
const token = new hf.HubToken("ci", { organization: "acme", serviceAccount: account.accountId, name: "ci",
  permissions: ["${changed ? "org.write" : "org.read"}"]${changed ? ", rotationTriggers: { why: 'now' }" : ""} });
new hf.ResourceGroup("research", { organization: "acme", name: "Research", members: [{ user: "wim-write", role: "${changed ? "read" : "write"}" }],
  repositories: [{ repo: "acme/speech-base" }] });
const own = new hf.HubToken("own", { name: "own", role: "read" });
// With a reason, because a creation that was killed is refused without one.
const overwrites = { space: "acme/demo-space", acknowledgeOverwrite: "a retry" };
new hf.SpaceSecret("secret", { ...overwrites, key: "API_KEY", value: ${changed ? "e.PLANT_SPACE_2" : "e.PLANT_SPACE"} });
new hf.SpaceSecret("token", { ...overwrites, key: "HF_TOKEN", value: token.token });
new hf.SpaceVariable("variable", { space: "acme/demo-space", key: "MODEL",
  value: require("@pulumi/pulumi").secret(${changed ? "e.PLANT_VARIABLE_2" : "e.PLANT_VARIABLE"}) });
const withToken = new hf.Provider("argument", { token: e.PLANT_ARGUMENT, endpoint: e.HF_ENDPOINT });
const withEnv = new hf.Provider("argumentEnv", { tokenEnv: "PLANT_ARGUMENT_ENV", endpoint: e.HF_ENDPOINT });
new hf.RepoVisibility("a", { repo: "acme/llm-private", visibility: "${changed ? "internal" : "private"}" }, { provider: withToken });
new hf.RepoVisibility("b", { repo: "acme/embeddings", visibility: "${changed ? "internal" : "private"}" }, { provider: withEnv });
new hf.OrganizationVisibility("acme", { organization: "acme", widest: "public", maxChanges: ${changed ? 2 : 1} });
module.exports = { token: token.token, own: own.token, me: hf.whoamiOutput({ provider: withToken }).name };
`;

/** All of these are sent at the same time, so that each meets the fault. */
export const refused = `${HEAD}
${sso("sso", oidc("e.PLANT_SECRET_3"))}
new hf.SsoCredential("credential", { organization: "acme", clientSecret: e.PLANT_SECRET_2, replaceExisting: true });
for (const i of [1, 2, 3, 4, 5, 6]) new hf.HubToken("own" + i, { name: "own" + i, role: "read" });
const groupId = "0123456789abcdef01234567";
new hf.MemberRole("member", { organization: "acme", user: "rex-read", role: "admin" });
new hf.ResourceGroupMember("group member", { organization: "acme", groupId, user: "rex-read", role: "admin" });
new hf.RepoResourceGroup("group", { repo: "acme/llm-public", groupId });
new hf.SpaceSecret("refused", { space: "acme/internal-dashboard", key: "API_KEY", value: e.PLANT_SPACE });
new hf.RepoVisibility("c", { repo: "acme/speech-base", visibility: "internal" });
`;

/** Checks that the command succeeded. */
export function done({ code, text }: EngineResult): void {
  assert.equal(code, 0, text);
}

/** Checks that the command failed with this reason. */
export function failed({ code, text }: EngineResult, reason: RegExp): void {
  assert.notEqual(code, 0, text);
  assert.match(text, reason);
}

/** A request that is held. */
export interface Held {
  /** Resolves once the request has arrived. */
  reached: Promise<void>;
  /** Answers the request after all. */
  goOn(): Promise<void>;
  /** Closes the request's connection. */
  drop(): void;
}

/** A stack with secrets in it. */
export class PlantedStack {
  /** The tokens that the Hub has issued. They are searched for from then on. */
  readonly made = new Set<string>();

  private constructor(
    readonly hub: Hub,
    readonly proxy: EchoProxy,
    readonly project: Project,
    readonly search: SecretSearch,
    readonly tokens: Record<Way, string>,
    readonly plants: Readonly<Record<string, string>>,
  ) {}

  static async start(name: string, options: { program?: string; env?: Env } = {}): Promise<PlantedStack> {
    const hub = await startHub();
    const proxy = await startEchoProxy(hub.endpoint);
    const search = new SecretSearch();
    const client = new HubClient({ endpoint: hub.endpoint, token: hub.tokens.admin });
    const tokens = { env: hub.tokens.admin } as Record<Way, string>;
    for (const way of ["oldEnv", "file", "config", "configEnv", "argument", "argumentEnv"] as const) {
      tokens[way] = (await client.createToken({ name: way, role: "admin" })).token;
    }
    for (const [way, value] of Object.entries(tokens)) search.plant(`administrator's token (${way})`, value);
    const plants = {
      // With characters that JSON, URLs and shells escape.
      PLANT_SECRET: search.plant("client secret", `cs "quo\\te"/+&é<${random()}`),
      PLANT_SECRET_2: search.plant("second client secret", `cs2-${random()}/+=`),
      PLANT_SECRET_3: search.plant("third client secret", `cs3 ${random()}`),
      PLANT_SPACE: search.plant("secret of a Space", `sp "quo\\te"/+&é<${random()}`),
      PLANT_SPACE_2: search.plant("second secret of a Space", `sp2-${random()}/+=`),
      PLANT_VARIABLE: search.plant("secret variable", `var-${random()}`),
      PLANT_VARIABLE_2: search.plant("second secret variable", `var2-${random()}`),
      PLANT_KEY: search.plant("private key", (await makeCertificate()).privateKey),
      PLANT_URL: `https://idp-user:${search.plant("password of ssoUrl", random())}@idp.acme.example/sso`,
      PLANT_ARGUMENT: tokens.argument,
      PLANT_ARGUMENT_ENV: tokens.argumentEnv,
    };
    const project = await createProject({
      name,
      env: { ...plants, HF_ENDPOINT: proxy.endpoint, HF_TOKEN: tokens.env, ...options.env },
      program: { "index.js": options.program ?? lifecycle() },
    });
    return new PlantedStack(hub, proxy, project, search, tokens, plants);
  }

  /** Runs an operation and searches immediately, because the next step may overwrite what this one left behind. */
  async run(
    what: "up" | "preview" | "refresh" | "destroy",
    options: OperationOptions = {},
  ): Promise<EngineResult> {
    return this.clean(await this.project[what]({ allowFailure: true, ...options }));
  }

  /** The same for any other command. */
  async pulumi(args: string[], options: CommandOptions = {}): Promise<EngineResult> {
    return this.clean(await this.project.pulumi(args, { allowFailure: true, ...options }));
  }

  /** Searches the output of a command and all files of the project. */
  async clean(result: EngineResult): Promise<EngineResult> {
    this.plantMade();
    const found = [...this.search.inResult(result), ...(await this.search.inFiles(this.project))];
    assert.deepEqual(found, []);
    return result;
  }

  /**
   * Holds the next request of a kind, until it is released or dropped.
   *
   * @param after - whether the Hub carries out the request before it is held
   */
  hold(which: (asked: Asked) => boolean, after: boolean): Held {
    const held: Held = { reached: Promise.resolve(), goOn: async () => {}, drop: () => undefined };
    held.reached = new Promise((resolve) => {
      this.proxy.treatment = async (asked, response) => {
        if (!which(asked)) return false;
        this.proxy.treatment = undefined;
        const carriedOut = after ? await asked.forward() : undefined;
        held.drop = () => void response.destroy();
        held.goOn = async () => {
          const { status, headers, text } = carriedOut ?? (await asked.forward());
          response.writeHead(status, headers).end(text);
        };
        resolve();
        return true;
      };
    });
    return held;
  }

  /** From now on, also searches for the tokens that the Hub has issued so far. */
  plantMade(): void {
    for (const [index, value] of [...this.proxy.madeTokens].entries()) {
      if (!this.made.has(value)) this.search.plant(`token ${index} that the Hub issued`, value);
      this.made.add(value);
    }
  }

  async close(): Promise<void> {
    await this.project.dispose();
    await this.proxy.close();
    await this.hub.close();
  }
}
