export declare const root: string;
export declare const workDir: string;
export declare function pulumiEnv(options: {
  dir: string;
  binDir?: string;
  passphrase?: string;
  env?: NodeJS.ProcessEnv;
  extra?: Record<string, string | undefined>;
}): Record<string, string>;
