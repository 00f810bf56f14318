export declare function terminalSvg(lines: string[], labels: { title: string; description: string }): string;
