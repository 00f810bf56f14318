import { type HubClient, type SsoSettings } from "../client";
import { outcomeIsUnknown } from "../client/errors";
import { LifecycleError, type LifecycleContext, type Logger } from "../model/definition";
import { type ParsedCertificate } from "../rules/certificate";
import {
  compareWithDiscovery,
  compareWithMetadata,
  type Comparison,
  discoveryUrl,
} from "../rules/identityProvider";
import {
  type Comparable,
  differingParts,
  type ParsedConfiguration,
  parseConfiguration,
} from "../rules/ssoComparison";
import { type Delivery, isRemembered, LOOK, outcomeOf, restoration } from "../rules/ssoOutcome";
import { ssoSettingsOf } from "./ssoSettings";

/** What the program declares of what an identity provider publishes. */
export interface Published {
  metadataUrl?: string;
  issuer?: string;
  ssoUrl?: string;
  certificate?: ParsedCertificate;
}

/**
 * Compares what is about to be sent with what the identity provider publishes. What it contradicts is not sent; what cannot be
 * reached from here is sent with a warning, because a network must not stand between an organization and its sign-in.
 *
 * @returns what could be verified, or why it was not, in words
 * @throws LifecycleError if it publishes something else
 */
export async function compareWithPublished(declared: Published, context: LifecycleContext): Promise<string> {
  const { fetchDocument, log } = context;
  const { metadataUrl, issuer, ...parts } = declared;
  const address = metadataUrl ?? (issuer === undefined ? undefined : discoveryUrl(issuer));
  if (address === undefined) return "it was not compared with what the identity provider publishes";
  const names = issuer === undefined ? Object.keys(parts).join(" and ") : "the issuer";
  let comparison: Comparison;
  try {
    const document = await fetchDocument(address);
    comparison =
      issuer === undefined
        ? compareWithMetadata(document, parts, context.now)
        : compareWithDiscovery(document, issuer);
  } catch (error) {
    comparison = { unverified: messageOf(error) };
  }
  const { contradiction, unverified } = comparison;
  if (contradiction !== undefined) {
    throw new LifecycleError(
      `Nothing was sent, because the identity provider publishes something else: ${contradiction}. With it nobody could sign in. ` +
        `Correct the program; if you are sure, ${issuer === undefined ? "leave metadataUrl out" : "set verifyIssuer to false"}.`,
    );
  }
  if (unverified === undefined) return `the identity provider publishes the same (${names})`;
  log.warn(
    `${names} could not be compared with what the identity provider publishes: ${unverified}. Sent all the same.`,
  );
  return "it could not be compared with what the identity provider publishes";
}

/**
 * Warns before a change is sent, because afterwards it is too late: the configuration before could not be restored if the Hub has
 * another one than the state.
 */
export function warnOfUnknownBefore({ before, remembered }: Delivery, log: Logger): void {
  if (!before || !remembered) return;
  const { comparable, values } = before;
  const { enabled } = remembered.comparable;
  if (isRemembered({ ...before, comparable: { ...comparable, enabled } }, remembered)) return;
  log.warn(
    "the Hub holds another configuration than the state: if the change goes wrong, it cannot be restored from here" +
      `${values.provider === "oidc" ? ", and its client secret is not known here" : ""}.`,
  );
}

/** What the Hub has; `undefined` if it has nothing. */
type Held = ParsedConfiguration<SsoSettings> | "unreadable" | undefined;

/** The Hub does not have what was sent, or that cannot be told. */
export class UndeliveredError extends LifecycleError {
  /**
   * @param held - what the Hub has in the end
   * @param isLost - whether the answer was lost, so that what was sent may still arrive
   */
  constructor(
    message: string,
    readonly held: Held,
    readonly isLost: boolean,
  ) {
    super(message);
  }
}

/** What is known of a configuration that the Hub has as it was sent. */
export interface Delivered {
  /** In words. */
  words: string;
  /** When the Hub says that it was changed. */
  at: string | undefined;
}

/**
 * Sends a change and reads back what became of it. If the Hub has made neither the old configuration nor the new one of it, and still has
 * what it answered, the old one is sent again, if the state has it. What someone may have set meanwhile is left.
 *
 * @throws UndeliveredError, or the Hub's own refusal, if the Hub does not have what was sent
 */
export async function deliver(delivery: Delivery, { client, log }: LifecycleContext): Promise<Delivered> {
  const { answer, lost } = await sendUpdate(delivery, client);
  const found = await readBack(delivery, client, answer);
  const held = found === "unreadable" ? answer : found;
  const outcome = outcomeOf(delivery, { lost, answer, held, readBack: found !== "unreadable" });
  const isLost = lost !== undefined;
  switch (outcome.kind) {
    case "delivered":
      if (outcome.warning !== undefined) log.warn(outcome.warning);
      return { words: outcome.words, at: held?.values.updatedAt };
    case "failed":
      throw new UndeliveredError(outcome.message, held ?? found, isLost);
    case "restore": {
      const { words, left } = await restore(delivery, outcome.held, client);
      // What cannot be read now is as it was read before the attempt, as far as anyone can tell.
      throw new UndeliveredError(
        `${outcome.happened} ${words} ${LOOK}`,
        left === "unreadable" ? held : left,
        isLost,
      );
    }
  }
}

/** A refusal changes nothing, and is passed on. */
async function sendUpdate(
  delivery: Delivery,
  client: HubClient,
): Promise<{ answer?: ParsedConfiguration<SsoSettings>; lost?: string }> {
  try {
    const settings = await client.updateSsoConfig(delivery.organization, delivery.update);
    return { answer: parsedOf(settings, delivery) };
  } catch (error) {
    if (!outcomeIsUnknown(error)) throw error;
    return { lost: error.message };
  }
}

async function readBack(delivery: Delivery, client: HubClient, answer?: ParsedConfiguration): Promise<Held> {
  try {
    const settings = await ssoSettingsOf(delivery.organization, client);
    return settings && parsedOf(settings, delivery, answer);
  } catch {
    return "unreadable";
  }
}

/** What was sent, was there before, or was answered is not parsed again. */
function parsedOf(
  settings: SsoSettings,
  { declared, before, remembered }: Delivery,
  answer?: ParsedConfiguration,
): ParsedConfiguration<SsoSettings> {
  return parseConfiguration(settings, declared, before, remembered, answer);
}

/** @returns what became of it, in words, and what the Hub has then */
async function restore(
  delivery: Delivery,
  held: ParsedConfiguration,
  client: HubClient,
): Promise<{ words: string; left: Held }> {
  const decision = restoration(delivery, held);
  if ("hindrance" in decision) {
    return { words: `The configuration before was not restored: ${decision.hindrance}.`, left: "unreadable" };
  }
  let failure: string | undefined;
  try {
    await client.updateSsoConfig(delivery.organization, decision.update);
  } catch (error) {
    failure = `The configuration before could not be restored: ${messageOf(error)}`;
  }
  const left = await readBack(delivery, client);
  return { words: failure ?? wordsOfRestoration(decision.expected, left), left };
}

function wordsOfRestoration(expected: Comparable, left: Held): string {
  if (left === "unreadable" || !left) {
    return "The configuration before was sent again, but could not be read back.";
  }
  const differing = differingParts(left.comparable, expected);
  if (differing.length > 0) {
    return `The configuration before was sent again, but the Hub holds another ${differing.join(", ")}.`;
  }
  const secret =
    expected.provider === "oidc" ? ", except for the client's secret, which cannot be read back" : "";
  return `The configuration before was restored, and reads as it was${secret}.`;
}

function messageOf(error: unknown): string {
  return (error as Error).message;
}
