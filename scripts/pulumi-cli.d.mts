export declare const CLI_VERSION: string;
export declare const MINIMUM_VERSION: string;
export interface Cli {
  binDir: string;
  version: string;
  how: string;
}
export interface InstallerContext {
  env: NodeJS.ProcessEnv;
  temporary: string;
  log: (line: string) => void;
}
export interface Installer {
  name: string;
  run: (bin: string, context: InstallerContext) => Promise<void>;
}
export declare const INSTALLERS: Installer[];
export declare function cacheFolder(env?: NodeJS.ProcessEnv): string;
export declare function ensurePulumi(options?: {
  env?: NodeJS.ProcessEnv;
  install?: boolean;
  log?: (line: string) => void;
  installers?: Installer[];
}): Promise<Cli>;
