import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { HubClient } from "../provider/src/client";
import {
  ConfigurationError,
  DEFAULT_ENDPOINT,
  proxyPasswords,
  resolveEnvironment,
} from "../provider/src/client/environment";
import { parseSettings, refuseOtherHub, resolveCredentials } from "../provider/src/model/settings";

const settings = (values: Record<string, string>) => parseSettings((key) => values[key]);
/** Resolves the credentials from these settings on a machine with these variables and without a token file. */
const resolve = (values: Record<string, string>, env: NodeJS.ProcessEnv = {}) =>
  resolveCredentials(settings(values), { HF_HOME: "/nowhere", ...env });

/** Both ways in which a program or a stack sets the token. */
const CHOSEN: [string, Record<string, string>][] = [
  ["token", { token: "hf_config" }],
  ["tokenEnv", { tokenEnv: "ADMIN" }],
];

describe("configuration", () => {
  it("accepts empty settings", () =>
    assert.deepEqual(settings({}), {
      token: undefined,
      tokenEnv: undefined,
      endpoint: undefined,
      timeoutSeconds: undefined,
      maxRetries: undefined,
      maxWaitSeconds: undefined,
      rotation: "auto",
      allowEndpointFromEnvironment: false,
    }));

  const refused: [string, Record<string, string>, RegExp][] = [
    ["a token and a tokenEnv", { token: "hf_a", tokenEnv: "B" }, /Both .*Keep one/],
    ["a tokenEnv that is not a name", { tokenEnv: "not a name" }, /tokenEnv is not the name/],
    ["a tokenEnv that is a token", { tokenEnv: "hf_abcdefghijklmnopqrstuvwxyz" }, /looks like a token/],
    [
      "a time limit in words",
      { timeoutSeconds: "soon" },
      /timeoutSeconds must be a whole number from 1 to 600/,
    ],
    ["a time limit of 0", { timeoutSeconds: "0" }, /from 1 to 600/],
    ["too many retries", { maxRetries: "21" }, /maxRetries must be a whole number from 0 to 20/],
    ["a fractional number of retries", { maxRetries: "0.5" }, /maxRetries/],
    [
      "a wait that is too long",
      { maxWaitSeconds: "3601" },
      /maxWaitSeconds must be a whole number from 1 to 3600/,
    ],
    ["an unknown rotation", { rotation: "never" }, /rotation must be auto or defer/],
    ["a yes instead of true", { allowEndpointFromEnvironment: "yes" }, /true or false/],
  ];
  for (const [name, values, message] of refused) {
    it(`refuses ${name}, and never repeats a token`, () => {
      assert.throws(
        () => settings(values),
        (error) =>
          error instanceof ConfigurationError &&
          message.test(error.message) &&
          !error.message.includes("hf_a"),
      );
    });
  }
});

describe("credentials", () => {
  it("prefer the configuration over the environment", () =>
    assert.deepEqual(resolve({ token: "hf_config" }, { HF_TOKEN: "hf_env" }), {
      endpoint: DEFAULT_ENDPOINT,
      token: "hf_config",
      tokenSource: "huggingface:token",
      tokenIsStored: true,
    }));
  it("come from the variable that tokenEnv names, and are not marked as stored", () => {
    const { token, tokenIsStored } = resolve({ tokenEnv: "ADMIN" }, { ADMIN: "hf_x", HF_TOKEN: "hf_y" });
    assert.deepEqual({ token, tokenIsStored }, { token: "hf_x", tokenIsStored: false });
  });
  it("are refused if the variable that tokenEnv names is not set", () =>
    assert.throws(
      () => resolve({ tokenEnv: "ADMIN" }, { HF_TOKEN: "hf_y" }),
      /ADMIN, which tokenEnv names, is not set/,
    ));
  it("from the environment go to the endpoint from the environment", () => {
    const found = resolve({}, { HF_TOKEN: "hf_y", HF_ENDPOINT: "https://e.example" });
    assert.equal(found.endpoint, "https://e.example");
    assert.equal(found.token, "hf_y");
  });
  it("are undefined if neither the configuration nor the environment has a token", () =>
    assert.equal(resolve({}).token, undefined));

  for (const [name, values] of CHOSEN) {
    const env = { ADMIN: "hf_x", HF_ENDPOINT: "https://elsewhere.example" };
    it(`from ${name} do not go to an endpoint that only the environment names`, () =>
      assert.throws(() => resolve(values, env), /from the environment variable HF_ENDPOINT/));
    it(`from ${name} go to the environment's endpoint if that is allowed`, () => {
      const allowed = { ...values, allowEndpointFromEnvironment: "true" };
      assert.equal(resolve(allowed, env).endpoint, "https://elsewhere.example");
    });
    it(`from ${name} go to the configured endpoint`, () => {
      const configured = { ...values, endpoint: "https://hub.example" };
      assert.equal(resolve(configured, env).endpoint, "https://hub.example");
    });
  }

  for (const [what, address] of [
    ["may contain a password", "https://user:hunter2@hub.example"],
    ["contains a shell command", "https://hub.example/$(id)"],
  ] as const) {
    it(`are refused without repeating an address that ${what}`, () => {
      assert.throws(
        () => resolve({ token: "hf_config" }, { HF_ENDPOINT: address }),
        ({ message }: Error) =>
          message.includes("`pulumi config set huggingface:endpoint <its address>`") &&
          !message.includes(address),
      );
    });
  }
});

describe("token of a stack whose resources are on another Hub", () => {
  const X = "https://x.example";
  const Y = "https://y.example";
  const refuse = (values: Record<string, string>, places: string[], HF_ENDPOINT?: string) => () =>
    refuseOtherHub(settings(values), new Set(places), { HF_HOME: "/nowhere", HF_ENDPOINT });

  for (const [name, values] of CHOSEN) {
    const allowed = { ...values, allowEndpointFromEnvironment: "true" };
    it(`is not sent if nothing, or only a variable, names another Hub (${name})`, () => {
      assert.throws(refuse(values, [X]), {
        message:
          "The state has resources on the Hub at https://x.example, but the endpoint is https://huggingface.co (the default, because no " +
          "endpoint is set). Nothing was sent, so that the token does not go to another Hub by mistake. If the Hub has not moved, run " +
          "`pulumi config set huggingface:endpoint https://x.example`; if it has moved, run `pulumi config set huggingface:endpoint " +
          "https://huggingface.co`, then `pulumi up` (to refresh or destroy before that, add --run-program: they use the configuration of the last " +
          "`pulumi up`).",
      });
      assert.throws(
        refuse(allowed, [X], Y),
        /but the endpoint is https:\/\/y\.example \(from the environment variable HF_ENDPOINT\)/,
      );
      assert.throws(refuse(values, [DEFAULT_ENDPOINT, X]), /on the Hub at https:\/\/x\.example/);
    });
    it(`is sent to the Hub that the program or the stack names, and to the former Hub (${name})`, () => {
      for (const allowedTo of [
        refuse({ ...values, endpoint: Y }, [X]),
        refuse(allowed, [X], `${X}/`),
        refuse(values, [DEFAULT_ENDPOINT]),
        refuse(values, []),
      ]) {
        assert.doesNotThrow(allowedTo);
      }
    });
  }
  it("is sent to the environment's Hub if it is the environment's token", () => {
    assert.doesNotThrow(refuse({}, [X], Y));
    assert.doesNotThrow(refuse({}, [X]));
  });
});

describe("environment", () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "hf-config-"))));
  afterEach(() => rmSync(folder, { recursive: true }));

  it("gives the token in HF_TOKEN, HUGGING_FACE_HUB_TOKEN or the token file, in this order", () => {
    writeFileSync(join(folder, "token"), "hf_file\n");
    const env = { HF_HOME: folder, HUGGING_FACE_HUB_TOKEN: "hf_old", HF_TOKEN: "hf_new" };
    assert.equal(resolveEnvironment(env).token, "hf_new");
    assert.equal(resolveEnvironment({ ...env, HF_TOKEN: "" }).token, "hf_old");
    assert.equal(resolveEnvironment({ HF_HOME: folder }).token, "hf_file");
  });
  it("names the token file by HF_TOKEN_PATH, HF_HOME or XDG_CACHE_HOME, in this order", () => {
    const [HF_TOKEN_PATH, HF_HOME] = [join(folder, "mine"), join(folder, "home")];
    for (const path of [HF_HOME, join(folder, "huggingface")]) mkdirSync(path);
    writeFileSync(HF_TOKEN_PATH, "hf_path");
    writeFileSync(join(HF_HOME, "token"), "hf_home");
    writeFileSync(join(folder, "huggingface", "token"), "hf_cache");
    const env = { HF_TOKEN_PATH, HF_HOME, XDG_CACHE_HOME: folder };
    assert.equal(resolveEnvironment(env).token, "hf_path");
    assert.equal(resolveEnvironment({ ...env, HF_TOKEN_PATH: "" }).token, "hf_home");
    assert.equal(resolveEnvironment({ XDG_CACHE_HOME: folder }).token, "hf_cache");
  });
  it("is refused if the token file is needed but cannot be read", () => {
    const env = { HF_TOKEN_PATH: folder, ADMIN: "hf_x" };
    assert.throws(() => resolveEnvironment(env).token, /cannot be read \(EISDIR\)/);
    assert.throws(() => resolve({}, env), /cannot be read \(EISDIR\)/);
    assert.equal(resolve({ token: "hf_config" }, env).token, "hf_config");
    assert.equal(resolve({ tokenEnv: "ADMIN" }, env).token, "hf_x");
    assert.equal(resolveEnvironment(env).endpointSource, undefined);
    const internals = { resolveEnvironment: () => resolveEnvironment(env) };
    assert.equal(new HubClient({ token: "hf_program" }, internals).endpoint, DEFAULT_ENDPOINT);
  });
  it("gives the default endpoint if HF_ENDPOINT is empty", () =>
    assert.equal(resolveEnvironment({ HF_HOME: "/nowhere", HF_ENDPOINT: "" }).endpoint, DEFAULT_ENDPOINT));
});

describe("passwords of proxies", () => {
  const cases: [name: string, value: string, passwords: string[]][] = [
    ["https_proxy", "http://user:pass@proxy.example:3128", ["pass"]],
    ["HTTPS_PROXY", "user:pass@proxy.example", ["pass"]],
    ["all_proxy", "socks5://user:a:b@c@proxy.example", ["a:b@c", "a%3Ab%40c"]],
    ["HTTP_PROXY", "http://user:p%40s@proxy.example", ["p%40s", "p@s"]],
    ["ALL_PROXY", "http://user:%zz@proxy.example", ["%zz"]],
    ["http_proxy", "http://user:pass@no port:x", ["pass"]],
    ["https_proxy", "http://key-in-place-of-both@proxy.example", ["key-in-place-of-both"]],
    ["https_proxy", "http://user:@proxy.example", []],
    ["https_proxy", "http://proxy.example:3128", []],
    ["https_proxy", "", []],
    ["no_proxy", "http://user:pass@proxy.example", []],
  ];
  for (const [name, value, passwords] of cases) {
    it(`finds ${passwords.join(" and ") || "none"} in ${name}=${value}`, () =>
      assert.deepEqual(proxyPasswords({ [name]: value }), passwords));
  }
});
