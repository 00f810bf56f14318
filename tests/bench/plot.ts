/** The cost of a fleet of one size. */
export interface Point {
  count: number;
  seconds: number;
  megabytes: number;
}

const WIDTH = 380;
const HEIGHT = 250;
const LEFT = 52;
const BOTTOM = 40;
const TOP = 34;
const COLOURS = { ours: "#2563eb", floor: "#9ca3af" } as const;
const LABELS = { ours: "pulumi-huggingface", floor: "floor (makes no request)" } as const;

/** Draws time and memory over the number of resources, for this library and for the floor. */
export function plot(points: Readonly<Record<"ours" | "floor", readonly Point[]>>): string {
  const panels = [
    panel(points, "seconds", "time of a drift check (s)", 0),
    panel(points, "megabytes", "peak memory of all processes (MB)", WIDTH + 20),
  ];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${2 * WIDTH + 20} ${HEIGHT + 24}" font-family="sans-serif" font-size="11">`,
    `<rect width="100%" height="100%" fill="#ffffff"/>`,
    ...panels,
    ...(["ours", "floor"] as const).map(
      (which, index) =>
        `<g transform="translate(${LEFT + index * 170},${HEIGHT + 10})"><rect width="14" height="4" y="-4" fill="${COLOURS[which]}"/><text x="20" fill="#111827">${LABELS[which]}</text></g>`,
    ),
    "</svg>",
    "",
  ].join("\n");
}

function panel(
  points: Readonly<Record<"ours" | "floor", readonly Point[]>>,
  what: "seconds" | "megabytes",
  title: string,
  left: number,
): string {
  const all = [...points.ours, ...points.floor];
  const mostCount = Math.max(...all.map(({ count }) => count));
  const step = niceStep(Math.max(...all.map((point) => point[what])) / 4);
  const most = step * Math.ceil(Math.max(...all.map((point) => point[what])) / step);
  const x = (count: number): number => LEFT + (count / mostCount) * (WIDTH - LEFT - 24);
  const y = (value: number): number => HEIGHT - BOTTOM - (value / most) * (HEIGHT - BOTTOM - TOP);
  const at = (value: number): string => value.toFixed(1);
  const parts = [`<text x="${LEFT}" y="18" font-size="12" fill="#111827">${title}</text>`];
  for (let value = 0; value <= most + step / 2; value += step) {
    parts.push(
      `<line x1="${LEFT}" x2="${WIDTH - 24}" y1="${at(y(value))}" y2="${at(y(value))}" stroke="#e5e7eb"/>`,
      `<text x="${LEFT - 6}" y="${at(y(value) + 4)}" text-anchor="end" fill="#4b5563">${value}</text>`,
    );
  }
  for (const { count } of points.ours) {
    parts.push(
      `<text x="${at(x(count))}" y="${HEIGHT - BOTTOM + 16}" text-anchor="middle" fill="#4b5563">${count}</text>`,
    );
  }
  parts.push(
    `<text x="${at(x(mostCount / 2))}" y="${HEIGHT - BOTTOM + 32}" text-anchor="middle" fill="#4b5563">resources</text>`,
  );
  for (const which of ["floor", "ours"] as const) {
    const path = points[which].map((point) => `${at(x(point.count))},${at(y(point[what]))}`);
    parts.push(
      `<polyline points="${path.join(" ")}" fill="none" stroke="${COLOURS[which]}" stroke-width="2"/>`,
      ...points[which].map(
        (point) =>
          `<circle cx="${at(x(point.count))}" cy="${at(y(point[what]))}" r="3" fill="${COLOURS[which]}"/>`,
      ),
    );
  }
  return `<g transform="translate(${left},0)">\n${parts.join("\n")}\n</g>`;
}

function niceStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  return ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10) * power;
}
