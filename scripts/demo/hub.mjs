// Starts the demo's local Hub and reads its state over HTTP, without the provider.
import { join } from "node:path";
import { createInterface } from "node:readline";
import { Problem } from "../lib/report.mjs";
import { root } from "../pulumi-env.mjs";
import { start } from "./processes.mjs";

/** @typedef {{ endpoint: string, tokens: Record<string, string> }} Hub */

/** @returns {Promise<Hub>} */
export function startHub() {
  const child = start(process.execPath, [join(root, "local-hub", "dist", "cli.js"), "--port", "0"]);
  let complaint = "";
  child.stderr?.setEncoding("utf8").on("data", (text) => (complaint += text));
  return new Promise((resolve, reject) => {
    createInterface({ input: child.stdout }).once("line", (line) => resolve(JSON.parse(line)));
    child.once("error", reject);
    child.once("close", (code) =>
      reject(new Problem(`The local Hub exited with code ${code}.\n${complaint}`)),
    );
  });
}

/** @param {Hub} hub @param {string} organization */
export function questionsTo({ endpoint, tokens }, organization) {
  /** @param {string} token @param {string} path @param {{ method: string, body: string }} [change] */
  const ask = async (token, path, change) => {
    const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
    const response = await fetch(endpoint + path, { ...change, headers });
    const text = await response.text();
    return { status: response.status, body: /^[[{]/.test(text) ? JSON.parse(text) : text };
  };
  const ofOrganization = async (/** @type {string} */ path) =>
    (await ask(tokens.admin ?? "", `/api/organizations/${organization}/${path}`)).body;

  const serviceAccount = async (/** @type {string} */ name) => {
    const accounts = await ofOrganization("service-accounts");
    return accounts.find((/** @type {{ name: string }} */ account) => account.name === name);
  };

  return {
    serviceAccount,

    sso: () => ofOrganization("settings/sso"),

    /** @param {string} account */
    async tokensOf(account) {
      const { _id: id } = (await serviceAccount(account)) ?? {};
      return id ? (await ofOrganization(`service-accounts/${id}`)).accessTokens : [];
    },

    /** @param {string} id */
    async visibilityOf(id) {
      const repositories = await ofOrganization("settings/repositories?limit=1000");
      return repositories.find((/** @type {{ id: string }} */ repository) => repository.id === id)
        ?.visibility;
    },

    /** 200 if the Hub accepts the token, otherwise 401. @param {string} token */
    statusFor: async (token) => (await ask(token, "/api/whoami-v2")).status,

    /** A member creates a repository without Pulumi. @param {string} model */
    createPublic: (model) =>
      ask(tokens.write ?? "", "/api/repos/create", {
        method: "POST",
        body: JSON.stringify({ organization, name: model.split("/")[1], visibility: "public" }),
      }),

    /** A change that a member makes without Pulumi. @param {string} dataset */
    makePublic: (dataset) =>
      ask(tokens.write ?? "", `/api/datasets/${dataset}/settings`, {
        method: "PUT",
        body: JSON.stringify({ visibility: "public" }),
      }),
  };
}
