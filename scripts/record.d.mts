export declare function driftSteps(lines: string[]): string[];
