import { type Profile } from "../profile.js";
import { type Store } from "../store/store.js";
import { accountsCard, eventsCard, membersCard, repositoriesCard, ssoCard, tokensCard } from "./cards.js";
import { badge, Html, html, number } from "./markup.js";
import { STYLE } from "./style.js";

/**
 * Renders the page with the state of one organization. It shows no secrets: only the last four characters of a token, and
 * no single sign-on credentials.
 *
 * @param wanted - Name of the organization. Other values show the first organization.
 */
export function renderPage(store: Store, wanted: unknown, profile: Profile): string {
  const names = [...store.organizations.keys()];
  const organization =
    (typeof wanted === "string" && store.organizations.get(wanted)) ||
    store.organizations.get(names[0] ?? "");
  if (!organization) throw new Error("There is no organization to show.");
  const { name, fullname, plan, tokenPolicy } = organization;
  const repositories = store.repositoriesOf.all(name);
  const events = store.auditEventsOf(name);
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${name} · local Hub</title>
        <link rel="icon" href="${ICON}" />
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
          <div class="title">
            <h1>${fullname}</h1>
            <p>
              <code>${name}</code> ${badge(plan, "plan")}
              ${tokenPolicy === "approval" && badge("tokens need approval", "warn")}
            </p>
          </div>
          <dl class="tiles">
            ${tile("Repositories", repositories.length)}
            ${tile("Public", repositories.filter((repo) => repo.visibility === "public").length)}
            ${tile("Members", store.membersOf.size(name))}
            ${tile("Service accounts", store.accountsOf.size(name))} ${tile("Audit events", events.length)}
          </dl>
          <div class="columns">${ssoCard(store.sso.get(name))} ${membersCard(store, name)}</div>
          ${accountsCard(store, name)} ${tokensCard(store, organization)} ${repositoriesCard(repositories)}
          ${eventsCard(events)}
        </main>
        <footer>
          This Hub runs only on this machine. It is not connected to huggingface.co. Times are in UTC.
        </footer>
      </body>
    </html> `;
  return page.markup;
}

const CURRENT = new Html('aria-current="page"');

/** The icon: a dot like the one in the page's header. */
const ICON = `data:image/svg+xml,${encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><circle cx="8" cy="8" r="6" fill="#fbbf24" stroke="#b45309" stroke-width="4"/></svg>',
)}`;

function tile(label: string, value: number): Html {
  return html`<div class="tile">
    <dt>${label}</dt>
    <dd>${number(value)}</dd>
  </div>`;
}
