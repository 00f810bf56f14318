import assert from "node:assert/strict";
import { HubClient } from "../provider/src/client";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  ConfigurationError,
  DEFAULT_ENDPOINT,
  resolveEnvironment,
  proxyPasswords,
} from "../provider/src/client/environment";
import { parseSettings, resolveCredentials, refuseOtherHub } from "../provider/src/model/settings";

const settings = (values: Record<string, string>) => parseSettings((key) => values[key]);

describe("config: settings", () => {
  it("are all optional", () => {
    assert.deepEqual(settings({}), {
      token: undefined,
      tokenEnv: undefined,
      endpoint: undefined,
      timeoutSeconds: undefined,
      maxRetries: undefined,
      maxWaitSeconds: undefined,
      rotation: "auto",
      allowEndpointFromEnvironment: false,
    });
  });
  const refused: [string, Record<string, string>, RegExp][] = [
    ["a token and the name of one", { token: "hf_a", tokenEnv: "B" }, /Both .*Keep one/],
    ["a name that is none", { tokenEnv: "not a name" }, /tokenEnv is not the name/],
    [
      "a token in place of a name",
      { tokenEnv: "hf_abcdefghijklmnopqrstuvwxyz" },
      /looks like a token itself/,
    ],
    [
      "a time limit that is no number",
      { timeoutSeconds: "soon" },
      /timeoutSeconds must be a whole number from 1 to 600/,
    ],
    ["a time limit of nothing", { timeoutSeconds: "0" }, /from 1 to 600/],
    ["too many retries", { maxRetries: "21" }, /maxRetries must be a whole number from 0 to 20/],
    ["too long a wait", { maxWaitSeconds: "3601" }, /maxWaitSeconds must be a whole number from 1 to 3600/],
    ["half a retry", { maxRetries: "0.5" }, /maxRetries/],
    ["an unknown way of rotation", { rotation: "never" }, /rotation must be auto or defer/],
    ["a yes that is none", { allowEndpointFromEnvironment: "yes" }, /true or false/],
  ];
  for (const [name, values, message] of refused) {
    it(`refuses ${name}`, () => {
      assert.throws(
        () => settings(values),
        (error: unknown) => {
          assert.ok(error instanceof ConfigurationError);
          assert.match(error.message, message);
          assert.ok(!error.message.includes("hf_a"), "a token must not be repeated");
          return true;
        },
      );
    });
  }
});

describe("config: where requests go, and with which token", () => {
  const nowhere = { HF_HOME: "/nowhere" };

  it("the settings' own token comes before the environment's", () => {
    const found = resolveCredentials(settings({ token: "hf_config" }), { ...nowhere, HF_TOKEN: "hf_env" });
    assert.deepEqual(found, {
      endpoint: DEFAULT_ENDPOINT,
      token: "hf_config",
      tokenSource: "huggingface:token",
      tokenIsStored: true,
    });
  });
  it("a named variable is read and not stored", () => {
    const found = resolveCredentials(settings({ tokenEnv: "ADMIN" }), {
      ...nowhere,
      ADMIN: "hf_x",
      HF_TOKEN: "hf_y",
    });
    assert.equal(found.token, "hf_x");
    assert.equal(found.tokenIsStored, false);
  });
  it("a named variable that is not set is an error, and not the next source", () => {
    assert.throws(
      () => resolveCredentials(settings({ tokenEnv: "ADMIN" }), { ...nowhere, HF_TOKEN: "hf_y" }),
      /ADMIN, which tokenEnv names, is not set/,
    );
  });
  for (const values of [{ token: "hf_config" }, { tokenEnv: "ADMIN" }] as Record<string, string>[]) {
    const env = { ...nowhere, ADMIN: "hf_x", HF_ENDPOINT: "https://elsewhere.example" };
    it(`${Object.keys(values)[0]} does not go to an endpoint that only the environment names`, () => {
      assert.throws(
        () => resolveCredentials(settings(values), env),
        /from the environment variable HF_ENDPOINT/,
      );
    });
    it(`${Object.keys(values)[0]} goes there when that is said`, () => {
      const said = settings({ ...values, allowEndpointFromEnvironment: "true" });
      assert.equal(resolveCredentials(said, env).endpoint, "https://elsewhere.example");
    });
    it(`${Object.keys(values)[0]} goes to the endpoint beside it`, () => {
      const beside = settings({ ...values, endpoint: "https://hub.example" });
      assert.equal(resolveCredentials(beside, env).endpoint, "https://hub.example");
    });
  }
  it("the environment's token goes to the environment's endpoint", () => {
    const found = resolveCredentials(settings({}), {
      ...nowhere,
      HF_TOKEN: "hf_y",
      HF_ENDPOINT: "https://e.example",
    });
    assert.equal(found.endpoint, "https://e.example");
    assert.equal(found.token, "hf_y");
  });
  it("no token at all is left to the client, which says how to set one", () => {
    assert.equal(resolveCredentials(settings({}), nowhere).token, undefined);
  });
});

describe("config: a token and the Hub that its resources are on", () => {
  const X = "https://x.example";
  const refuse = (values: Record<string, string>, places: string[], HF_ENDPOINT?: string) => () =>
    refuseOtherHub(settings(values), new Set(places), { HF_HOME: "/nowhere", HF_ENDPOINT });

  for (const values of [{ token: "hf_config" }, { tokenEnv: "ADMIN" }] as Record<string, string>[]) {
    const allowed = { ...values, allowEndpointFromEnvironment: "true" };
    it(`${Object.keys(values)[0]} stays there if nothing, or only a variable, names another Hub`, () => {
      assert.throws(refuse(values, [X]), {
        message:
          "In the state, resources are on the Hub at https://x.example, but the endpoint is https://huggingface.co (the default: nothing names " +
          "another). So that the token does not go to another Hub by mistake, nothing was sent. If the Hub is still where it was, run " +
          "`pulumi config set huggingface:endpoint https://x.example`; if it has moved, `pulumi config set huggingface:endpoint " +
          "https://huggingface.co`, then `pulumi up` (to refresh or destroy before that, add --run-program: they use the configuration of the last " +
          "`pulumi up`).",
      });
      assert.throws(
        refuse(allowed, [X], "https://y.example"),
        /but the endpoint is https:\/\/y\.example \(from the environment variable HF_ENDPOINT\)/,
      );
      assert.throws(refuse(values, ["https://huggingface.co", X]), /on the Hub at https:\/\/x\.example/);
    });
    it(`${Object.keys(values)[0]} goes where the program or the stack says, and where it always went`, () => {
      assert.doesNotThrow(refuse({ ...values, endpoint: "https://y.example" }, [X]));
      assert.doesNotThrow(refuse(allowed, [X], `${X}/`));
      assert.doesNotThrow(refuse(values, ["https://huggingface.co"]));
      assert.doesNotThrow(refuse(values, []));
    });
  }
  it("a token of the environment goes where the environment says", () => {
    assert.doesNotThrow(refuse({}, [X], "https://y.example"));
    assert.doesNotThrow(refuse({}, [X]));
  });
  for (const [what, address] of [
    ["may hold a password", "https://user:hunter2@hub.example"],
    ["would upset a shell", "https://hub.example/$(id)"],
  ] as const) {
    it(`the command leaves an address out that ${what}`, () => {
      assert.throws(
        () =>
          resolveCredentials(settings({ token: "hf_config" }), { HF_HOME: "/nowhere", HF_ENDPOINT: address }),
        ({ message }: Error) =>
          message.includes("`pulumi config set huggingface:endpoint <its address>`") &&
          !message.includes(address),
      );
    });
  }
});

describe("config: the environment, as the official clients read it", () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "hf-config-"))));
  afterEach(() => rmSync(folder, { recursive: true }));

  it("HF_TOKEN, then HUGGING_FACE_HUB_TOKEN, then the token file", () => {
    writeFileSync(join(folder, "token"), "hf_file\n");
    const env = { HF_HOME: folder, HUGGING_FACE_HUB_TOKEN: "hf_old", HF_TOKEN: "hf_new" };
    assert.equal(resolveEnvironment(env).token, "hf_new");
    assert.equal(resolveEnvironment({ ...env, HF_TOKEN: "" }).token, "hf_old");
    assert.equal(resolveEnvironment({ HF_HOME: folder }).token, "hf_file");
  });
  it("HF_TOKEN_PATH before HF_HOME before XDG_CACHE_HOME", () => {
    writeFileSync(join(folder, "mine"), "hf_mine");
    assert.equal(
      resolveEnvironment({ HF_TOKEN_PATH: join(folder, "mine"), HF_HOME: "/nowhere" }).token,
      "hf_mine",
    );
    assert.equal(resolveEnvironment({ XDG_CACHE_HOME: folder }).token, undefined);
  });
  it("a token file that cannot be read is an error", () => {
    assert.throws(() => resolveEnvironment({ HF_TOKEN_PATH: folder }).token, /cannot be read \(EISDIR\)/);
    assert.throws(
      () => resolveCredentials(settings({}), { HF_TOKEN_PATH: folder }),
      /cannot be read \(EISDIR\)/,
    );
  });
  it("but not for whoever has another token", () => {
    const env = { HF_TOKEN_PATH: folder, ADMIN: "hf_x" };
    assert.equal(resolveCredentials(settings({ token: "hf_config" }), env).token, "hf_config");
    assert.equal(resolveCredentials(settings({ tokenEnv: "ADMIN" }), env).token, "hf_x");
    assert.equal(resolveEnvironment(env).endpointSource, undefined);
    const internals = { resolveEnvironment: () => resolveEnvironment(env) };
    assert.equal(new HubClient({ token: "hf_program" }, internals).endpoint, DEFAULT_ENDPOINT);
  });
  it("an empty HF_ENDPOINT is none", () => {
    assert.equal(resolveEnvironment({ HF_HOME: "/nowhere", HF_ENDPOINT: "" }).endpoint, DEFAULT_ENDPOINT);
  });
});

describe("config: the passwords of proxies", () => {
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
    it(`${name}=${value}`, () => assert.deepEqual(proxyPasswords({ [name]: value }), passwords));
  }
});
