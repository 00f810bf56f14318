/** The style sheet of the page. Below 820 px, each row of a table is a card. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --back: #f6f7f9; --card: #fff; --line: #e4e7ec; --text: #1a1f2b; --soft: #566074; --accent: #b45309;
  --good-b: #dcfae6; --good: #05603a; --warn-b: #fef0c7; --warn: #7a2e0e;
  --type-b: #eef1f6; --type: #344054; --plan-b: #e0eafe; --plan: #2b46b5;
}
@media (prefers-color-scheme: dark) {
  :root {
    --back: #0e1117; --card: #161b24; --line: #262d3a; --text: #e6e9ef; --soft: #a3adbd; --accent: #fbbf24;
    --good-b: #0b3b2a; --good: #75e0a7; --warn-b: #46310b; --warn: #fcd34d;
    --type-b: #232a37; --type: #cbd2de; --plan-b: #1d2b57; --plan: #a9bcff;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--back); color: var(--text);
  font: 14px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
header { display: flex; gap: 8px 24px; align-items: center; flex-wrap: wrap; padding: 12px 32px;
  background: var(--card); border-bottom: 1px solid var(--line); }
.brand { font-weight: 650; display: flex; gap: 8px; align-items: center; }
.brand small { font-weight: 400; color: var(--soft); }
.dot { width: 12px; height: 12px; border-radius: 50%; background: #fbbf24; box-shadow: inset 0 0 0 3px #b45309; }
nav { display: flex; flex-wrap: wrap; gap: 4px; }
nav a { padding: 4px 12px; border-radius: 8px; color: var(--soft); text-decoration: none; }
nav a:hover { background: var(--back); }
nav a[aria-current] { background: var(--type-b); color: var(--text); font-weight: 600; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
main { max-width: 1180px; margin: 0 auto; padding: 28px 32px; display: grid; gap: 20px;
  grid-template-columns: minmax(0, 1fr); }
h1 { margin: 0; font-size: 26px; letter-spacing: -0.01em; }
.title p { margin: 4px 0 0; color: var(--soft); }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(120px, 1fr)); gap: 12px; margin: 0; }
.tile { display: flex; flex-direction: column-reverse; justify-content: flex-end; background: var(--card); border: 1px solid var(--line);
  border-radius: 12px; padding: 14px 18px; }
.tile dd { font-size: 24px; font-weight: 700; font-variant-numeric: tabular-nums; }
.columns { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(360px, 100%), 1fr)); gap: 20px;
  align-items: start; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 18px 22px; min-width: 0; }
h2 { margin: 0 0 12px; font-size: 15px; display: flex; gap: 8px; align-items: center; }
.count { font-weight: 500; font-size: 12px; color: var(--soft); background: var(--type-b); border-radius: 99px; padding: 1px 9px; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; text-align: left; }
thead th { font-weight: 500; font-size: 12px; color: var(--soft); padding: 4px 14px 8px 0; white-space: nowrap; }
tbody th, td { border-top: 1px solid var(--line); padding: 8px 14px 8px 0; vertical-align: top; overflow-wrap: anywhere; }
tbody th { font-weight: 600; }
small, .empty { color: var(--soft); font-weight: 400; }
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
.card dl { display: grid; grid-template-columns: max-content 1fr; gap: 6px 18px; margin: 0; }
dt { color: var(--soft); }
dd { margin: 0; overflow-wrap: anywhere; }
details { border-top: 1px solid var(--line); }
summary { padding: 8px 0; color: var(--accent); cursor: pointer; width: fit-content; }
.log { list-style: none; margin: 0; padding: 0; overflow-wrap: anywhere; }
.log li { display: grid; grid-template-columns: 122px 150px minmax(0, 1fr) max-content; gap: 0 14px;
  align-items: baseline; padding: 8px 0; border-top: 1px solid var(--line); }
.how { text-align: right; }
.log code { color: var(--soft); }
footer { text-align: center; color: var(--soft); padding: 8px 16px 32px; font-size: 12px; }
@media (max-width: 819px) {
  header { padding: 12px 16px; }
  main { padding: 20px 16px; gap: 16px; }
  .tiles { grid-template-columns: repeat(auto-fit, minmax(100px, 1fr)); }
  .tile { padding: 8px 12px; }
  .tile dt { font-size: 12px; }
  .columns { gap: 16px; }
  .card { padding: 16px; }
  thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  table, tbody { display: block; }
  tr { display: flex; flex-wrap: wrap; gap: 2px 16px; padding: 8px 0; border-top: 1px solid var(--line); }
  tbody th, td { border: 0; padding: 0; }
  tbody th { flex-basis: 100%; }
  td::before { content: attr(data-label) " "; color: var(--soft); font-size: 12px; }
  td:empty { display: none; }
  .log li { display: flex; flex-wrap: wrap; gap: 0 12px; }
  .log .what { order: -1; flex-basis: 100%; }
  .log b, .log time, .log code { font-size: 12px; }
  .how { text-align: left; }
}
`;
