import { UnfinishedError } from "../model/definition";
import { type Properties } from "../model/plain";
import { NAMESPACE } from "../model/settings";
import { printableLine } from "../client/printable";
import { printedOnce } from "./printedOnce";

/** The most characters of an error, because names in it may be of any length. */
const MAX_MESSAGE = 3000;

const EXPECTED = ["LifecycleError", "UnfinishedError", "HubError", "ConfigurationError"];

const TOKEN_IS_STORED =
  " This token is stored in the state: refresh, destroy and the refresh step of --refresh use the token of the last `pulumi up`, " +
  "even if the configuration has changed. Add --run-program to this command, or set " +
  `${NAMESPACE}:tokenEnv to the name of an environment variable, so that no token is stored.`;

const SETTINGS_ARE_STORED =
  " Refresh, destroy and the refresh step of --refresh use the settings of the last `pulumi up`. If the configuration has changed, " +
  "add --run-program to this command, or run `pulumi up` once without --refresh.";

/** What the engine stores although the step failed. */
export interface Stored {
  id: string;
  properties: Properties;
}

/**
 * Converts an error for the engine. It has only text, because the engine prints all properties of an error. With `stored`, the engine
 * stores the properties, prints `reasons` instead of the message, and calls `update` in the next `pulumi up`.
 *
 * @param ofLastUp - whether the step may use the settings of the last `pulumi up`
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

/** A text that can be passed to the engine: one printable line of limited length. */
export function shownText(text: string): string {
  return printableLine(text, MAX_MESSAGE);
}

/** The frames alone, because the message before them may have several lines. */
function framesOf({ stack = "" }: Error): string[] {
  return (
    stack
      .split("\n")
      // guard: frames-alone
      .filter((line) => /^ {4}at /.test(line))
      .map(shownText)
  );
}
