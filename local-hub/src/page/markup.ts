/** Safe markup: all of it is constant text or was escaped by {@link html}. */
export class Html {
  constructor(readonly markup: string) {}
}

/** A value that {@link html} accepts. */
export type Content = Html | string | number | false | null | undefined | Content[];

/** Builds markup. It escapes every value that is not {@link Html}. */
export function html(parts: TemplateStringsArray, ...values: Content[]): Html {
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

/** A part of the page with a heading and an optional count. */
export function card(title: string, count: number | undefined, body: Content): Html {
  const id = title.toLowerCase().replace(/[^a-z]+/g, "-");
  return html`<section class="card" aria-labelledby="${id}">
    <h2 id="${id}">${title}${count !== undefined && html` <span class="count">${number(count)}</span>`}</h2>
    ${body}
  </section>`;
}

/** A table. The first column is the row's heading. On a narrow screen, each row is a card with the column names as labels. */
export function table(title: string, columns: string[], rows: Content[][]): Html {
  const [first, ...others] = columns;
  return html`<div class="scroll" role="region" aria-label="${title}" tabindex="0">
    <table>
      <thead>
        <tr>
          <th scope="col">${first}</th>
          ${others.map((column) => html`<th scope="col">${column}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          ([name, ...cells]) =>
            html`<tr>
              <th scope="row">${name}</th>
              ${cells.map((cell, index) => html`<td data-label="${others[index]}">${cell}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

/**
 * A list that shows its first entries immediately, and more entries behind a button.
 *
 * @param total - The number of all entries, including those that are not in `entries`.
 * @param render - Renders some of the entries. `part` is the suffix of the title for the second part.
 */
export function list<T>(
  entries: readonly T[],
  total: number,
  shown: number,
  render: (entries: readonly T[], part: "" | ", more") => Html,
): Html {
  if (!entries.length) return html`<p class="empty">None.</p>`;
  const more = entries.slice(shown);
  return html`${render(entries.slice(0, shown), "")}
  ${
    more.length > 0 &&
    html`<details>
      <summary>Show ${number(more.length)} more</summary>
      ${render(more, ", more")}
      ${total > entries.length && html`<p class="empty">The page shows ${number(entries.length)} of ${number(total)}.</p>`}
    </details>`
  }`;
}

export function badge(text: string, kind: "plan" | "type" | "good" | "warn"): Html {
  return html`<span class="badge ${kind}">${text}</span> `;
}

/** The visible part of a token's value. */
export function lastFour(last4: string): Html {
  return html`<code class="secret">hf_…${last4}</code>`;
}

/** A time with minutes, or "never". */
export function when(time: string | undefined): Html {
  if (time === undefined) return html`<span class="empty">never</span>`;
  return html`<time datetime="${time}">${time.slice(0, 16).replace("T", " ")}</time>`;
}

export function number(value: number): string {
  return value.toLocaleString("en");
}

export function bytes(count: number): string {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  let value = count;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${Number(value.toFixed(1))} ${units[unit]}`;
}
