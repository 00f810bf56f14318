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

/** The declared values that an identity provider also publishes. */
export interface Published {
  metadataUrl?: string;
  issuer?: string;
  ssoUrl?: string;
  certificate?: ParsedCertificate;
}

/**
 * Compares a configuration with what the identity provider publishes before it is sent. If the identity provider cannot be reached, it
 * warns only, because a network problem must not prevent a change of single sign-on.
 *
 * @returns what could be verified, or why it was not, in words
 * @throws LifecycleError if the identity provider publishes something else
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
      `Nothing was sent, because the identity provider publishes something else: ${contradiction}. No one could sign in with this configuration. ` +
        `Correct the program; if you are sure, ${issuer === undefined ? "remove metadataUrl" : "set verifyIssuer to false"}.`,
    );
  }
  if (unverified === undefined) return `the identity provider publishes the same (${names})`;
  log.warn(
    `${names} could not be compared with what the identity provider publishes: ${unverified}. The configuration is sent anyway.`,
  );
  return "it could not be compared with what the identity provider publishes";
}

/** Warns before a change if the Hub has another configuration than the state, because that configuration could not be restored. */
export function warnOfUnknownBefore({ before, remembered }: Delivery, log: Logger): void {
  if (!before || !remembered) return;
  const { comparable, values } = before;
  const { enabled } = remembered.comparable;
  if (isRemembered({ ...before, comparable: { ...comparable, enabled } }, remembered)) return;
  log.warn(
    "the configuration on the Hub differs from the state. If the change fails, the provider cannot restore the one on the Hub" +
      `${values.provider === "oidc" ? " and does not know its client secret" : ""}.`,
  );
}

/** What the Hub has; `undefined` if it has nothing. */
type Held = ParsedConfiguration<SsoSettings> | "unreadable" | undefined;

/** The Hub does not have the configuration that was sent, or it is unclear whether it has it. */
export class UndeliveredError extends LifecycleError {
  /**
   * @param held - what the Hub has at the end
   * @param isLost - whether the answer was lost, so that the request may still arrive
   */
  constructor(
    message: string,
    readonly held: Held,
    readonly isLost: boolean,
  ) {
    super(message);
  }
}

/** What is known about a configuration that the Hub has accepted. */
export interface Delivered {
  /** The outcome in words. */
  words: string;
  /** The time of the change, from the Hub. */
  at: string | undefined;
}

/**
 * Sends a change and reads the result back. If the Hub's answer is neither the old nor the new configuration and the Hub still has it, the
 * old one is sent again, if the state has it. A configuration that someone else set in the meantime is not changed.
 *
 * @throws UndeliveredError, or the Hub's own refusal, if the Hub does not have the configuration that was sent
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
      // If the configuration cannot be read now, the last one that was read counts.
      throw new UndeliveredError(
        `${outcome.happened} ${words} ${LOOK}`,
        left === "unreadable" ? held : left,
        isLost,
      );
    }
  }
}

/** Sends the change. A refusal changes nothing and is thrown. */
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

/** Parses a configuration. It reuses the results for the sent, the previous and the answered configuration. */
function parsedOf(
  settings: SsoSettings,
  { declared, before, remembered }: Delivery,
  answer?: ParsedConfiguration,
): ParsedConfiguration<SsoSettings> {
  return parseConfiguration(settings, declared, before, remembered, answer);
}

/** @returns the result in words, and what the Hub has afterwards */
async function restore(
  delivery: Delivery,
  held: ParsedConfiguration,
  client: HubClient,
): Promise<{ words: string; left: Held }> {
  const decision = restoration(delivery, held);
  if ("hindrance" in decision) {
    return {
      words: `The previous configuration was not restored: ${decision.hindrance}.`,
      left: "unreadable",
    };
  }
  let failure: string | undefined;
  try {
    await client.updateSsoConfig(delivery.organization, decision.update);
  } catch (error) {
    failure = `The previous configuration could not be restored: ${messageOf(error)}`;
  }
  const left = await readBack(delivery, client);
  return { words: failure ?? wordsOfRestoration(decision.expected, left), left };
}

function wordsOfRestoration(expected: Comparable, left: Held): string {
  if (left === "unreadable" || !left) {
    return "The previous configuration was sent again, but could not be read back.";
  }
  const differing = differingParts(left.comparable, expected);
  if (differing.length > 0) {
    return `The previous configuration was sent again, but the Hub has another ${differing.join(", ")}.`;
  }
  const secret =
    expected.provider === "oidc" ? ", except for the client secret, which cannot be read back" : "";
  return `The previous configuration was restored and read back unchanged${secret}.`;
}

function messageOf(error: unknown): string {
  return (error as Error).message;
}
