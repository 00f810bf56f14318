import { type HubClient, type HubError, type SsoSettings, type SsoUpdate } from "../client";
import { LifecycleError, type LifecycleContext, type Logger } from "../model/definition";
import {
  compareWithDiscovery,
  compareWithMetadata,
  type Comparison,
  discoveryUrl,
} from "../rules/identityProvider";
import { comparable, differingParts, type SsoValues } from "../rules/ssoComparison";

/** What stands behind everything that is said of a configuration that was sent. */
export const NOT_TESTED =
  "Whether a login works was not tested: keep an administrator signed in, and try one.";

/**
 * Compares what is about to be sent with what the identity provider publishes. What it contradicts is not sent; what cannot be
 * reached from here is sent with a warning, because a network must not stand between an organization and its sign-in.
 *
 * @returns what could be verified, or why it was not, in words
 * @throws LifecycleError where it publishes something else
 */
export async function compareWithPublished(
  declared: { metadataUrl?: string; issuer?: string; ssoUrl?: string; certificate?: string },
  { fetchDocument, log, now }: LifecycleContext,
): Promise<string> {
  const { metadataUrl, issuer, ...parts } = declared;
  const address = metadataUrl ?? (issuer === undefined ? undefined : discoveryUrl(issuer));
  if (address === undefined) return "it was not compared with what the identity provider publishes";
  const names = issuer === undefined ? Object.keys(parts).join(" and ") : "the issuer";
  let comparison: Comparison;
  try {
    const document = await fetchDocument(address);
    comparison =
      issuer === undefined
        ? compareWithMetadata(document, parts, now)
        : compareWithDiscovery(document, issuer);
  } catch (error) {
    comparison = { unverified: (error as Error).message };
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

/** A change of a configuration, and what is known of the one before. */
export interface Delivery {
  organization: string;
  update: SsoUpdate;
  wanted: SsoValues;
  /** What the Hub held just before; absent where it had nothing. */
  before: SsoSettings | undefined;
  /** What the state holds, with the secret if it is known; absent before a creation. */
  kept: SsoValues | undefined;
}

type ReadBack = { settings: SsoSettings | undefined } | "unreadable";

/**
 * Sends a change and reads back what became of it. Where the Hub then holds neither the old configuration nor the new one, the
 * old one is sent again, if the state holds it.
 *
 * @returns what is known of it now, in words
 * @throws LifecycleError, or the Hub's own refusal, where the Hub does not hold what was sent
 */
export async function deliver(delivery: Delivery, { client, log }: LifecycleContext): Promise<string> {
  const { organization, update, wanted, before } = delivery;
  let answer: SsoSettings | undefined;
  let lost: HubError | undefined;
  try {
    answer = await client.updateSsoConfig(organization, update);
  } catch (error) {
    // A refusal changes nothing.
    if ((error as Partial<HubError>).outcomeUnknown !== true) throw error;
    lost = error as HubError;
  }
  const found = await readBack(client, organization);
  const held = found === "unreadable" ? answer : found.settings;
  if (held === undefined) {
    throw new LifecycleError(
      found === "unreadable"
        ? `${lost?.message} What the Hub holds now could not be read either. Run \`pulumi up\` again when it answers.`
        : `${lost?.message ?? `The Hub accepted the configuration of ${organization}.`} The Hub holds no configuration. Run \`pulumi up\` again.`,
    );
  }
  const differences = differingParts(comparable(held), comparable(wanted));
  if (differences.length === 0) {
    // Another writing of the same address is no difference, and yet it may not have arrived.
    const rewrites = update.ssoUrl !== undefined && update.ssoUrl !== before?.ssoUrl;
    if (lost && rewrites && held.ssoUrl === before?.ssoUrl) {
      throw new LifecycleError(`${lost.message} ${AS_BEFORE}`);
    }
    if (lost && update.clientSecret !== undefined) {
      throw new LifecycleError(
        `${lost.message} The Hub holds what is declared, but whether the client's secret is among it cannot be read back. ` +
          "Run `pulumi up` again, which sends it again.",
      );
    }
    if (found === "unreadable") {
      log.warn("the Hub accepted the configuration, but it could not be read back.");
      return "the Hub accepted the configuration";
    }
    return update.clientSecret === undefined
      ? "the Hub holds the configuration as it is declared"
      : "the Hub holds the configuration as it is declared, as far as it can be read back: the client's secret cannot";
  }
  const happened =
    lost?.message ??
    `The Hub accepted the configuration of ${organization}, but holds another ${differences.join(", ")} than was sent.`;
  if (before && differingParts(comparable(held), comparable(before)).length === 0) {
    throw new LifecycleError(`${happened} ${AS_BEFORE}`);
  }
  if (found === "unreadable") {
    throw new LifecycleError(`${happened} It could not be read back, and nothing was restored. ${LOOK}`);
  }
  const outcome = await restored(delivery, held, client);
  throw new LifecycleError(
    `${happened} That is neither the configuration before nor the one that is declared. ${outcome} ${LOOK}`,
  );
}

const AS_BEFORE =
  "What can be read back is as it was before. Run `pulumi up` again; if it stays so, look at the organization's settings.";
const LOOK = `Look at the organization's settings now, with an administrator who is still signed in. ${NOT_TESTED}`;

/**
 * What has to be known before a change is sent, because afterwards it is too late: that the configuration before could not be restored,
 * since the Hub holds another one than the state.
 */
export function warnOfUnknownBefore({ before, kept }: Pick<Delivery, "before" | "kept">, log: Logger): void {
  if (!before || !kept || isHeld({ ...before, enabled: kept.enabled }, kept)) return;
  log.warn(
    "the Hub holds another configuration than the state: where the change goes wrong, it cannot be restored from here" +
      `${before.provider === "oidc" ? ", and its client secret is not known here" : ""}.`,
  );
}

/** Whether the state holds what the Hub holds, as far as it can be read. */
function isHeld(before: SsoSettings, kept: SsoValues): boolean {
  return differingParts(comparable(kept), comparable(before)).length === 0;
}

/** Why a configuration cannot be restored in the place of another, or `undefined`. */
function hindranceTo({ before, kept }: Delivery, secretGoes: boolean): string | undefined {
  if (!before) return "there was none before";
  if (!kept || !isHeld(before, kept)) return "the state does not hold it";
  return secretGoes && kept.clientSecret === undefined
    ? "its client secret is not known here and cannot be read back"
    : undefined;
}

async function restored(delivery: Delivery, held: SsoSettings, client: HubClient): Promise<string> {
  const { organization, kept, update } = delivery;
  // A secret that nobody has replaced stays: somebody may have given the Hub a newer one than the state holds.
  const secretGoes =
    kept?.provider === "oidc" &&
    (update.clientSecret !== undefined || update.provider !== undefined || held.provider !== "oidc");
  const hindrance = hindranceTo(delivery, secretGoes);
  if (hindrance !== undefined || !kept) return `The configuration before was not restored: ${hindrance}.`;
  const { provider, enabled, ssoUrl, certificate, clientId, clientSecret } = kept;
  try {
    await client.updateSsoConfig(organization, {
      provider,
      enabled,
      ...(ssoUrl && { ssoUrl }),
      ...(provider === "saml" ? { certificate } : { clientId, ...(secretGoes && { clientSecret }) }),
    });
  } catch (error) {
    return `The configuration before could not be restored: ${(error as Error).message}`;
  }
  const found = await readBack(client, organization);
  if (found === "unreadable" || !found.settings) {
    return "The configuration before was sent again, but could not be read back.";
  }
  const differences = differingParts(comparable(found.settings), comparable(kept));
  if (differences.length > 0) {
    return `The configuration before was sent again, but the Hub holds another ${differences.join(", ")}.`;
  }
  const secret = provider === "oidc" ? ", except for the client's secret, which cannot be read back" : "";
  return `The configuration before was restored, and reads as it was${secret}.`;
}

async function readBack(client: HubClient, organization: string): Promise<ReadBack> {
  try {
    return { settings: await client.getSsoConfig(organization) };
  } catch (error) {
    const { code } = error as Partial<HubError>;
    return code === "SsoNotConfigured" ? { settings: undefined } : "unreadable";
  }
}
