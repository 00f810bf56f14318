// The forms for reports and changes, and the development container.
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { readText, ROOT } from "../support/lockfile";

interface Field {
  type: "markdown" | "textarea" | "input" | "dropdown" | "checkboxes";
  id?: string;
  attributes: { label?: string; value?: string; description?: string; options?: unknown[] };
  validations?: { required?: boolean };
}
interface Form {
  name: string;
  description: string;
  body: Field[];
}

const folder = ".github/ISSUE_TEMPLATE";
const form = (name: string) => parse(readText(`${folder}/${name}`)) as Form;

describe("forms", () => {
  for (const name of readdirSync(join(ROOT, folder)).filter((each) => each !== "config.yml")) {
    it(`${name} is a form that GitHub accepts`, () => {
      const { name: title, description, body } = form(name);
      assert.ok(title && description);
      const fields = body.filter(({ type }) => type !== "markdown");
      const ids = fields.map(({ id }) => id);
      assert.equal(new Set(ids).size, fields.length);
      for (const { id, type, attributes } of fields) {
        assert.match(id ?? "", /^[a-z]+$/);
        assert.ok(attributes.label, id);
        if (type === "dropdown" || type === "checkboxes") assert.ok(attributes.options?.length, id);
      }
    });
  }

  it("the bug report asks for versions, warns about secrets, and redirects vulnerabilities", () => {
    const { body } = form("bug_report.yml");
    const required = body.filter(({ validations }) => validations?.required).map(({ id }) => id);
    assert.deepEqual(required, ["what", "program", "package", "about", "hub", "plan"]);
    assert.match(body[0]?.attributes.value ?? "", /Remove every secret[\s\S]*Report a vulnerability/);
    assert.equal(body.at(-1)?.type, "checkboxes");
  });

  it("every issue needs a form, and vulnerabilities have their own link", () => {
    const config = parse(readText(`${folder}/config.yml`)) as {
      blank_issues_enabled: boolean;
      contact_links: { name: string; about: string; url: string }[];
    };
    assert.equal(config.blank_issues_enabled, false);
    assert.deepEqual(
      config.contact_links.map(({ name }) => name),
      ["Vulnerability"],
    );
    for (const { url } of config.contact_links) assert.match(url, /^https:\/\//);
    assert.match(readText(".github/PULL_REQUEST_TEMPLATE.md"), /Report a vulnerability/);
  });

  it("the container prepares everything for the first command, with a supported Node.js", () => {
    const container = JSON.parse(readText(".devcontainer/devcontainer.json")) as {
      image: string;
      postCreateCommand: string;
    };
    assert.match(container.image, /^mcr\.microsoft\.com\/devcontainers\/typescript-node:2[24]$/);
    const [build = "", cli = ""] = container.postCreateCommand.split(" && ");
    const { scripts } = JSON.parse(readText("package.json")) as { scripts: Record<string, string> };
    assert.ok(scripts[build.replace("npm run ", "")], build);
    assert.ok(readText(cli.replace("node ", "")).length > 0, cli);
  });
});
