// Draws terminal output as a static SVG image. It is readable on light and dark pages because it has its own background.

const COLUMNS = 100;
const FONT_SIZE = 14;
const COLUMN_WIDTH = FONT_SIZE * 0.6;
const LINE_HEIGHT = 20;
const PADDING = 16;

const COLORS = {
  text: "#e6edf3",
  background: "#0d1117",
  ansi: ["#8b949e", "#ff7b72", "#7ee787", "#e3b341", "#79c0ff", "#d2a8ff", "#76e3ea", "#e6edf3"],
};
const FONTS = "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace";

/** @typedef {{ bold: boolean, color: string | undefined }} Style */
/** @typedef {{ character: string, style: Style }} Cell */

/** @type {Style} */
const PLAIN = { bold: false, color: undefined };

/**
 * Returns an SVG image of the lines, which may contain ANSI codes for bold and color. Lines of more than 100 columns
 * are wrapped.
 *
 * @param {string[]} lines
 * @param {{ title: string, description: string }} labels Texts for screen readers.
 */
export function terminalSvg(lines, { title, description }) {
  const rows = lines.flatMap((line) => wrapped(cellsOf(line)));
  const width = COLUMNS * COLUMN_WIDTH + 2 * PADDING;
  const height = rows.length * LINE_HEIGHT + 2 * PADDING;
  const texts = rows.map((row, index) => textElement(row, PADDING + (index + 0.75) * LINE_HEIGHT));
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="title desc">
<title id="title">${escaped(title)}</title>
<desc id="desc">${escaped(description)}</desc>
<rect width="${width}" height="${height}" rx="8" fill="${COLORS.background}"/>
<g font-family="${FONTS}" font-size="${FONT_SIZE}" fill="${COLORS.text}" style="white-space: pre">
${texts.filter(Boolean).join("\n")}
</g>
</svg>
`;
}

/** @param {string} line @returns {Cell[]} */
function cellsOf(line) {
  let style = PLAIN;
  // Splitting by a group keeps the codes: they are the parts with odd numbers.
  // eslint-disable-next-line no-control-regex
  return line.split(/\u001b\[([\d;]*)m/).flatMap((part, index) => {
    if (index % 2 === 0) return Array.from(part, (character) => ({ character, style }));
    style = styled(style, part);
    return [];
  });
}

/** @param {Style} style @param {string} codes The parameters of an ANSI code, such as "38;5;3". @returns {Style} */
function styled(style, codes) {
  const indexed = /^38;5;(\d+)$/.exec(codes)?.[1] ?? /^3([0-7])$/.exec(codes)?.[1];
  if (indexed !== undefined) return { ...style, color: COLORS.ansi[Number(indexed) % 8] };
  if (codes === "1") return { ...style, bold: true };
  return codes === "" || codes === "0" ? PLAIN : style;
}

/** Breaks a long line at spaces. Each further row repeats the frame and is indented. @param {Cell[]} cells @returns {Cell[][]} */
function wrapped(cells) {
  const frame = /^[ │]*/u.exec(textOf(cells))?.[0] ?? "";
  const indentation = cellsOf(`${frame}  `);
  const rows = [];
  let row = cells;
  while (row.length > COLUMNS) {
    const space = textOf(row).lastIndexOf(" ", COLUMNS);
    const atSpace = space > indentation.length;
    rows.push(row.slice(0, atSpace ? space : COLUMNS));
    row = [...indentation, ...row.slice(atSpace ? space + 1 : COLUMNS)];
  }
  return [...rows, row];
}

/** @param {Cell[]} cells */
const textOf = (cells) => cells.map(({ character }) => character).join("");

/** @param {Cell[]} row @param {number} y */
function textElement(row, y) {
  const spans = [];
  for (const { character, style } of row) {
    const last = spans.at(-1);
    if (last && last.style.bold === style.bold && last.style.color === style.color) last.text += character;
    else spans.push({ style, text: character });
  }
  const content = spans.map(({ style, text }) => {
    const color = style.color ? ` fill="${style.color}"` : "";
    const weight = style.bold ? ' font-weight="bold"' : "";
    return color || weight ? `<tspan${color}${weight}>${escaped(text)}</tspan>` : escaped(text);
  });
  // With a fixed length, the columns are aligned in every font.
  const length = `textLength="${(row.length * COLUMN_WIDTH).toFixed(1)}" lengthAdjust="spacingAndGlyphs"`;
  return row.length === 0
    ? ""
    : `<text x="${PADDING}" y="${y}" ${length} xml:space="preserve">${content.join("")}</text>`;
}

/** @param {string} text */
function escaped(text) {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
