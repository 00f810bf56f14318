import { type AuditEvent, type Organization, type Repository, type SsoSettings } from "../store/records.js";
import { repoName } from "../store/repositories.js";
import { type Store } from "../store/store.js";
import { badge, bytes, card, type Content, type Html, html, lastFour, list, table, when } from "./markup.js";

/** How many rows of a table the page shows immediately, and how many in total. */
const ROWS = { shown: 20, most: 200 };

/** How many audit events the page shows immediately, and how many in total. */
const EVENTS = { shown: 10, most: 100 };

export function ssoCard(sso: SsoSettings | undefined): Html {
  if (!sso) return card("Single sign-on", undefined, html`<p class="empty">Not configured.</p>`);
  const facts: [string, Content][] = [
    [sso.provider === "saml" ? "Sign-on URL" : "Issuer", sso.ssoUrl ?? "none"],
    ...(sso.provider === "oidc" ? [["Client ID", sso.clientId ?? "none"] as [string, Content]] : []),
    ["Credential", hasCredential(sso) ? "set" : "none"],
    ["Login", "not tested: the local Hub has no login"],
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

/** A card with a table. `total` is the full number of rows; `rows` may have only the first {@link ROWS.most}. */
function tableCard(title: string, total: number, columns: string[], rows: Content[][]): Html {
  const entries = rows.slice(0, ROWS.most);
  const body = list(entries, total, ROWS.shown, (some, part) => table(title + part, columns, [...some]));
  return card(title, total, body);
}

export function membersCard(store: Store, organization: string): Html {
  const members = store.membersOf.all(organization);
  const rows = members
    .slice(0, ROWS.most)
    .map((member) => [
      member.user,
      store.users.get(member.user)?.fullname,
      badge(member.role, member.role === "admin" ? "warn" : "type"),
    ]);
  return tableCard("Members", members.length, ["User", "Name", "Role"], rows);
}

export function accountsCard(store: Store, organization: string): Html {
  const accounts = store.serviceAccountsOf(organization);
  const rows = accounts.slice(0, ROWS.most).flatMap((account) => {
    const own = [html`${account.name}<br /><small>${account.user}</small>`, account.description];
    const tokens = store.tokensOf(account.id).sort(byAge);
    if (!tokens.length) return [[...own, html`<span class="empty">none</span>`, "", "", ""]];
    return tokens.map((token) => [
      ...own,
      token.displayName,
      lastFour(token.last4),
      [...token.permissions, ...(token.repoIds.length ? [`${token.repoIds.length} repositories`] : [])].map(
        (each) => badge(each, "type"),
      ),
      when(token.lastUsedAt),
    ]);
  });
  const columns = ["Account", "Description", "Token", "Value", "Permissions", "Last used"];
  return tableCard("Service accounts and their tokens", accounts.length, columns, rows);
}

export function tokensCard(store: Store, organization: Organization): Html {
  const tokens = store.membersOf
    .all(organization.name)
    .flatMap((member) => store.tokensOfUser(member.user).sort(byAge));
  const unasked = organization.tokenPolicy === "approval" ? "not requested" : "not required";
  const rows = tokens.slice(0, ROWS.most).map((token) => {
    const status = token.authorizations[organization.name]?.status;
    return [
      token.owner,
      token.name,
      lastFour(token.last4),
      badge(token.role, token.role === "admin" ? "warn" : "type"),
      when(token.lastUsedAt),
      when(token.expiresAt),
      status
        ? badge(status, status === "approved" ? "good" : "warn")
        : html`<span class="empty">${unasked}</span>`,
    ];
  });
  const columns = ["Owner", "Name", "Value", "Role", "Last used", "Expires", "Approval"];
  return tableCard("Members' own tokens", tokens.length, columns, rows);
}

const VISIBILITY_CLASS = { public: "warn", protected: "type", internal: "plan", private: "good" } as const;

export function repositoriesCard(repositories: Repository[]): Html {
  const sorted = [...repositories].sort((a, b) => (a.type + a.name < b.type + b.name ? -1 : 1));
  const rows = sorted
    .slice(0, ROWS.most)
    .map((repo) => [
      repoName(repo),
      repo.type,
      badge(repo.visibility, VISIBILITY_CLASS[repo.visibility]),
      repo.gated && badge(`gated: ${repo.gated}`, "plan"),
      html`<span class="number">${bytes(repo.storage)}</span>`,
      when(repo.updatedAt),
    ]);
  const columns = ["Repository", "Type", "Visibility", "Access", "Storage", "Updated"];
  return tableCard("Repositories", repositories.length, columns, rows);
}

export function eventsCard(events: readonly AuditEvent[]): Html {
  const latest = events.slice(-EVENTS.most).reverse();
  const body = list(
    latest,
    events.length,
    EVENTS.shown,
    (some) =>
      html`<ol class="log">
        ${some.map(
          ({ createdAt, author, message, type, token }) =>
            html`<li>
              ${when(createdAt)}
              <b>${author.user}</b>
              <span class="what">${message}</span>
              <span class="how"><code>${type}</code> ${token?.last4 && lastFour(token.last4)}</span>
            </li>`,
        )}
      </ol>`,
  );
  return card("Audit log, latest first", events.length, body);
}

function byAge(a: { createdAt: string }, b: { createdAt: string }): number {
  return Date.parse(a.createdAt) - Date.parse(b.createdAt);
}
