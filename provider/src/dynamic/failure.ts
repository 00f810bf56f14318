import { UnfinishedError } from "../model/definition";
import { type Properties } from "../model/plain";
import { NAMESPACE } from "../model/settings";
import { printableLine } from "../client/printable";
import { printedOnce } from "./printedOnce";

/** Characters of an error: names that it repeats may be of any length. */
const MAX_MESSAGE = 3000;

const EXPECTED = ["LifecycleError", "UnfinishedError", "HubError", "ConfigurationError"];

const TOKEN_IS_STORED =
  " The token is the one that the engine has stored: refresh, destroy and the refresh half of --refresh use what the last " +
  "`pulumi up` stored, even if the configuration says otherwise by now. Add --run-program to this command, or name an environment " +
  `variable (${NAMESPACE}:tokenEnv) so that no token is stored.`;

const SETTINGS_ARE_STORED =
  " Refresh, destroy and the refresh half of --refresh use the settings that the last `pulumi up` stored. If the configuration says " +
  "otherwise by now, add --run-program to this command, or run `pulumi up` without --refresh once.";

/** What the engine stores although the step has failed. */
export interface Stored {
  id: string;
  properties: Properties;
}

/**
 * The error as the engine gets it: text for a person, because it prints whatever else hangs on an error; and what it is to store, if
 * anything. With that it prints `reasons` in place of the message, and the next `up` calls `update`.
 *
 * @param ofLastUp - whether the step may have run with the settings of the last `up`
 */
export function presentable(
  error: unknown,
  usesStoredToken: () => boolean,
  { stored, ofLastUp = false }: { stored?: Stored; ofLastUp?: boolean } = {},
): Error {
  const reason = error instanceof UnfinishedError ? (error.cause ?? error) : error;
  const original = reason instanceof Error ? reason : new Error(String(reason));
  const refused = (original as { status?: number }).status === 401;
  const unusable = original.name === "ConfigurationError" && !original.message.includes("--run-program");
  const hint =
    refused && usesStoredToken() ? TOKEN_IS_STORED : unusable && ofLastUp ? SETTINGS_ARE_STORED : "";
  const message = shownText(original.message + hint);
  const shown = new Error(message);
  shown.name = original.name;
  const expected = EXPECTED.includes(original.name);
  shown.stack = expected ? "" : [`${original.name}: ${message}`, ...framesOf(original)].join("\n");
  if (expected) printedOnce(shown);
  return stored ? Object.assign(shown, stored, { reasons: [message] }) : shown;
}

/** A text about a step, as the engine gets it. */
export function shownText(text: string): string {
  return printableLine(text, MAX_MESSAGE);
}

/** Without the message before them, which may have lines of its own. */
function framesOf({ stack = "" }: Error): string[] {
  return (
    stack
      .split("\n")
      // guard: frames-alone
      .filter((line) => /^ {4}at /.test(line))
      .map(shownText)
  );
}
