import { type Profile } from "./profile.js";
import { type AuditEvent, type Repository, type SsoSettings } from "./store/records.js";
import { repoName } from "./store/repositories.js";
import { type Store } from "./store/store.js";

/** How many of the latest audit events the page shows. */
const EVENTS_SHOWN = 40;

/** How many rows of any other list the page shows. */
const ROWS_SHOWN = 200;

/** Markup that is safe as it is: everything in it was written here or went through {@link html}. */
class Html {
  constructor(readonly markup: string) {}
}

/** What can be put into markup. */
type Content = Html | string | number | false | null | undefined | Content[];

/** Builds markup; whatever is put in that is not markup itself is escaped. */
function html(parts: TemplateStringsArray, ...values: Content[]): Html {
  let markup = parts[0] ?? "";
  values.forEach((value, index) => (markup += toMarkup(value) + (parts[index + 1] ?? "")));
  return new Html(markup);
}

function toMarkup(value: Content): string {
  if (value instanceof Html) return value.markup;
  if (Array.isArray(value)) return value.map(toMarkup).join("");
  if (value === undefined || value === null || value === false) return "";
  return String(value).replace(/[&<>"']/g, (character) => `&#${character.codePointAt(0)};`);
}

/**
 * The page for people: what one organization looks like now. It shows no secret: of a token's value the last four
 * characters, of single sign-on no credential.
 *
 * @param wanted - Which organization; anything that is none shows the first one.
 */
export function renderPage(store: Store, wanted: unknown, profile: Profile): string {
  const names = [...store.organizations.keys()];
  const name = typeof wanted === "string" && store.organizations.has(wanted) ? wanted : (names[0] ?? "");
  const organization = store.organizations.get(name);
  const repositories = store.repositoriesOf.all(name);
  const events = store.auditEventsOf(name);
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${name} · local Hub</title>
        <style>
          ${new Html(STYLE)}
        </style>
      </head>
      <body>
        <header>
          <div class="brand"><span class="dot"></span>local Hub <small>profile ${profile}</small></div>
          <nav aria-label="Organizations">
            ${names.map(
              (each) =>
                html`<a href="/?organization=${encodeURIComponent(each)}" ${each === name ? CURRENT : ""}
                  >${each}</a
                >`,
            )}
          </nav>
        </header>
        <main>
          <section class="title">
            <h1>${organization?.fullname}</h1>
            <p>
              <code>${name}</code> ${badge(organization?.plan ?? "free", "plan")}
              ${organization?.tokenPolicy === "approval" && badge("tokens need approval", "warn")}
            </p>
          </section>
          <section class="tiles">
            ${tile("Repositories", repositories.length)}
            ${tile("Public", repositories.filter((repo) => repo.visibility === "public").length)}
            ${tile("Members", store.membersOf.size(name))}
            ${tile("Service accounts", store.accountsOf.size(name))} ${tile("Audit events", events.length)}
          </section>
          <div class="columns">${ssoCard(store.sso.get(name))} ${membersCard(store, name)}</div>
          ${accountsCard(store, name)} ${tokensCard(store, name)} ${repositoriesCard(repositories)}
          ${eventsCard(events)}
        </main>
        <footer>This Hub runs on this machine only. Nothing here is on huggingface.co.</footer>
      </body>
    </html> `;
  return page.markup;
}

const CURRENT = new Html('aria-current="page"');

function ssoCard(sso: SsoSettings | undefined): Html {
  if (!sso) return card("Single sign-on", undefined, html`<p class="empty">Never configured.</p>`);
  const facts: [string, Content][] = [
    [sso.provider === "saml" ? "Sign-on URL" : "Issuer", sso.ssoUrl ?? "none"],
    ...(sso.provider === "oidc" ? [["Client ID", sso.clientId ?? "none"] as [string, Content]] : []),
    ["Credential", hasCredential(sso) ? "set" : "none"],
    ["Login", "never tested: nobody signs in here"],
    ["Updated", when(sso.updatedAt)],
  ];
  return card(
    "Single sign-on",
    undefined,
    html`<p>
        ${badge(sso.provider.toUpperCase(), "type")}
        ${sso.enabled ? badge("enabled", "type") : badge("disabled", "warn")}
      </p>
      <dl>
        ${facts.map(
          ([term, value]) =>
            html`<dt>${term}</dt>
              <dd>${value}</dd>`,
        )}
      </dl>`,
  );
}

function hasCredential(sso: SsoSettings): boolean {
  return (sso.provider === "saml" ? sso.certificate : sso.clientSecretHash) !== undefined;
}

function membersCard(store: Store, organization: string): Html {
  const members = store.membersOf.all(organization);
  const rows = members
    .slice(0, ROWS_SHOWN)
    .map((member) => [
      html`<strong>${member.user}</strong>`,
      store.users.get(member.user)?.fullname,
      badge(member.role, member.role === "admin" ? "warn" : "type"),
    ]);
  return card("Members", members.length, table(["User", "Name", "Role"], rows));
}

function accountsCard(store: Store, organization: string): Html {
  const accounts = store.serviceAccountsOf(organization);
  const rows = accounts.slice(0, ROWS_SHOWN).flatMap((account) => {
    const own = [
      html`<strong>${account.name}</strong><br /><small>${account.user}</small>`,
      account.description,
    ];
    const tokens = store.tokensOf(account.id).sort(byAge);
    if (!tokens.length) return [[...own, html`<span class="empty">no tokens</span>`, "", "", ""]];
    return tokens.map((token, index) => [
      ...(index === 0 ? own : ["", ""]),
      token.displayName,
      lastFour(token.last4),
      [...token.permissions, ...(token.repoIds.length ? [`${token.repoIds.length} repositories`] : [])].map(
        (each) => badge(each, "type"),
      ),
      token.lastUsedAt ? when(token.lastUsedAt) : html`<span class="empty">never</span>`,
    ]);
  });
  const columns = ["Account", "Description", "Token", "Value", "Permissions", "Last used"];
  return card("Service accounts and their tokens", accounts.length, table(columns, rows));
}

function tokensCard(store: Store, organization: string): Html {
  const tokens = store.membersOf
    .all(organization)
    .flatMap((member) => store.tokensOfUser(member.user).sort(byAge));
  const rows = tokens.slice(0, ROWS_SHOWN).map((token) => {
    const authorization = token.authorizations[organization];
    return [
      html`<strong>${token.owner}</strong>`,
      token.name,
      lastFour(token.last4),
      badge(token.role, token.role === "admin" ? "warn" : "type"),
      token.lastUsedAt ? when(token.lastUsedAt) : html`<span class="empty">never</span>`,
      token.expiresAt ? when(token.expiresAt) : html`<span class="empty">never</span>`,
      authorization && badge(authorization.status, authorization.status === "approved" ? "good" : "warn"),
    ];
  });
  const columns = ["Owner", "Name", "Value", "Role", "Last used", "Expires", "Here"];
  return card("Members' own tokens", tokens.length, table(columns, rows));
}

const VISIBILITY_CLASS = { public: "warn", protected: "type", internal: "plan", private: "good" } as const;

function repositoriesCard(repositories: Repository[]): Html {
  const sorted = [...repositories].sort((a, b) => (a.type + a.name < b.type + b.name ? -1 : 1));
  const rows = sorted
    .slice(0, ROWS_SHOWN)
    .map((repo) => [
      html`<strong>${repoName(repo)}</strong>`,
      repo.type,
      badge(repo.visibility, VISIBILITY_CLASS[repo.visibility]),
      repo.gated ? badge(`gated: ${repo.gated}`, "plan") : "",
      html`<span class="number">${bytes(repo.storage)}</span>`,
      when(repo.updatedAt),
    ]);
  const columns = ["Repository", "Type", "Visibility", "Access", "Storage", "Updated"];
  return card("Repositories", repositories.length, table(columns, rows));
}

function eventsCard(events: readonly AuditEvent[]): Html {
  const latest = events.slice(-EVENTS_SHOWN).reverse();
  const rows = latest.map((event) => [
    when(event.createdAt),
    html`<code>${event.type}</code>`,
    html`<strong>${event.author.user}</strong>`,
    event.message,
    event.token?.last4 && lastFour(event.token.last4),
  ]);
  const columns = ["When", "Type", "Who", "What", "Token"];
  return card(`Audit log, latest ${latest.length}`, events.length, table(columns, rows));
}

function byAge(a: { createdAt: string }, b: { createdAt: string }): number {
  return Date.parse(a.createdAt) - Date.parse(b.createdAt);
}

function card(title: string, count: number | undefined, body: Html): Html {
  return html`<section class="card">
    <h2>${title} ${count !== undefined && html`<span class="count">${count}</span>`}</h2>
    ${body}
  </section>`;
}

function table(columns: string[], rows: Content[][]): Html {
  if (!rows.length) return html`<p class="empty">None.</p>`;
  return html`<div class="scroll">
    <table>
      <thead>
        <tr>
          ${columns.map((column) => html`<th scope="col">${column}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) =>
            html`<tr>
              ${row.map((cell) => html`<td>${cell}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

function tile(label: string, value: number): Html {
  return html`<div class="tile"><b>${value.toLocaleString("en")}</b><span>${label}</span></div>`;
}

function badge(text: string, kind: "plan" | "type" | "good" | "warn"): Html {
  return html`<span class="badge ${kind}">${text}</span> `;
}

function lastFour(last4: string): Html {
  return html`<code class="secret">hf_…${last4}</code>`;
}

function when(time: string): Html {
  return html`<time datetime="${time}">${time.slice(0, 16).replace("T", " ")}</time>`;
}

function bytes(count: number): string {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  let value = count;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${Number(value.toFixed(1))} ${units[unit]}`;
}

const STYLE = `
:root {
  color-scheme: light dark;
  --back: #f6f7f9; --card: #fff; --line: #e4e7ec; --text: #1a1f2b; --soft: #667085; --accent: #b45309;
  --good-b: #dcfae6; --good: #067647; --warn-b: #fef0c7; --warn: #93370d;
  --type-b: #eef1f6; --type: #344054; --plan-b: #e0eafe; --plan: #2b46b5;
}
@media (prefers-color-scheme: dark) {
  :root {
    --back: #0e1117; --card: #161b24; --line: #262d3a; --text: #e6e9ef; --soft: #98a2b3; --accent: #fbbf24;
    --good-b: #0b3b2a; --good: #75e0a7; --warn-b: #46310b; --warn: #fcd34d;
    --type-b: #232a37; --type: #cbd2de; --plan-b: #1d2b57; --plan: #a9bcff;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--back); color: var(--text);
  font: 14px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
header { display: flex; gap: 24px; align-items: center; flex-wrap: wrap; padding: 12px 32px;
  background: var(--card); border-bottom: 1px solid var(--line); }
.brand { font-weight: 650; display: flex; gap: 8px; align-items: center; }
.brand small { font-weight: 400; color: var(--soft); }
.dot { width: 12px; height: 12px; border-radius: 50%; background: #fbbf24; box-shadow: inset 0 0 0 3px #b45309; }
nav { display: flex; gap: 4px; }
nav a { padding: 4px 12px; border-radius: 8px; color: var(--soft); text-decoration: none; }
nav a:hover { background: var(--back); }
nav a[aria-current] { background: var(--type-b); color: var(--text); font-weight: 600; }
a:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
main { max-width: 1180px; margin: 0 auto; padding: 28px 32px; display: grid; gap: 20px; }
h1 { margin: 0; font-size: 26px; letter-spacing: -0.01em; }
.title p { margin: 4px 0 0; color: var(--soft); }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(140px, 1fr)); gap: 12px; }
.tile { background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 14px 18px; }
.tile b { display: block; font-size: 24px; font-variant-numeric: tabular-nums; }
.tile span { color: var(--soft); }
.columns { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(360px, 100%), 1fr)); gap: 20px; align-items: start; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 18px 22px; min-width: 0; }
h2 { margin: 0 0 12px; font-size: 15px; display: flex; gap: 8px; align-items: center; }
.count { font-weight: 500; font-size: 12px; color: var(--soft); background: var(--type-b); border-radius: 99px; padding: 1px 9px; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
th { text-align: left; font-weight: 500; font-size: 12px; color: var(--soft); padding: 4px 14px 8px 0; white-space: nowrap; }
td { border-top: 1px solid var(--line); padding: 8px 14px 8px 0; vertical-align: top; }
tr:hover td { background: color-mix(in srgb, var(--back) 60%, transparent); }
td small, .empty { color: var(--soft); }
.empty { margin: 0; }
time { white-space: nowrap; color: var(--soft); font-variant-numeric: tabular-nums; }
.number { font-variant-numeric: tabular-nums; white-space: nowrap; }
code { font: 12.5px/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
.secret { white-space: nowrap; color: var(--soft); }
.badge { display: inline-block; border-radius: 6px; padding: 0 7px; font-size: 12px; line-height: 20px; white-space: nowrap; margin: 1px 0; }
.badge.plan { background: var(--plan-b); color: var(--plan); }
.badge.type { background: var(--type-b); color: var(--type); }
.badge.good { background: var(--good-b); color: var(--good); }
.badge.warn { background: var(--warn-b); color: var(--warn); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 6px 18px; margin: 0; }
dt { color: var(--soft); }
dd { margin: 0; overflow-wrap: anywhere; }
footer { text-align: center; color: var(--soft); padding: 8px 0 32px; font-size: 12px; }
`;
