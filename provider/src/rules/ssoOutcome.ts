// The outcome of a configuration change that was sent, as far as it can be read back.
import { type SsoSettings, type SsoUpdate } from "../client";
import { type Comparable, differingParts, type ParsedConfiguration, type Part } from "./ssoComparison";

/** The end of every message about a configuration that was sent. */
export const NOT_TESTED = "Sign-in was not tested: keep an administrator signed in, and test it.";

/** What to do if the Hub has a configuration that no one wants. */
export const LOOK = `Check the organization's settings now, as an administrator who is still signed in. ${NOT_TESTED}`;

const AS_BEFORE =
  "The settings that can be read back did not change. Run `pulumi up` again; if they still do not change, check the organization's settings.";

/** A change of a configuration, and what is known about the previous one. */
export interface Delivery {
  organization: string;
  update: SsoUpdate;
  declared: ParsedConfiguration;
  /** What the Hub had just before; absent if it had no configuration. */
  before: ParsedConfiguration<SsoSettings> | undefined;
  /** The configuration in the state, with the secret if known; absent before a creation. */
  remembered: ParsedConfiguration | undefined;
}

/** What is known after the change was sent. */
export interface Aftermath {
  /** The error message if the response was lost. */
  lost: string | undefined;
  /** The Hub's response; absent if it was lost. */
  answer: ParsedConfiguration<SsoSettings> | undefined;
  /** The Hub's configuration as far as it is known: read back, or else from the response. */
  held: ParsedConfiguration<SsoSettings> | undefined;
  /** Whether it was read back. */
  readBack: boolean;
}

export type Outcome =
  /** `words` describes what is known now. */
  | { kind: "delivered"; words: string; warning?: string }
  | { kind: "failed"; message: string }
  /** The Hub now has a configuration that is neither the old one nor the new one. */
  | { kind: "restore"; happened: string; held: ParsedConfiguration };

/** Decides the outcome of a change. Never claims more than was read back. */
export function outcomeOf({ organization, update, declared, before }: Delivery, after: Aftermath): Outcome {
  const { lost, answer, held, readBack } = after;
  if (!held) {
    const message = readBack
      ? `${lost ?? `The Hub accepted the configuration of ${organization}.`} The Hub has no configuration now. Run \`pulumi up\` again.`
      : `${lost} The configuration could not be read back either. Run \`pulumi up\` again when the Hub responds.`;
    return { kind: "failed", message };
  }
  const differing = differingParts(held.comparable, declared.comparable);
  if (differing.length === 0) return outcomeIfEqual(update, before, after);
  const happened =
    lost ??
    `The Hub accepted the configuration of ${organization}, but now has ${describeHeld(held, differing)}.`;
  if (before && differingParts(held.comparable, before.comparable).length === 0) {
    return { kind: "failed", message: `${happened} ${AS_BEFORE}` };
  }
  if (!readBack) {
    const message = `${happened} It could not be read back, and nothing was restored. ${LOOK}`;
    return { kind: "failed", message };
  }
  const begin = lost === undefined ? `${happened} That is` : `${lost} The Hub has`;
  const neither = `${begin} neither the previous configuration nor the declared one.`;
  // guard: sso-restored-if-own
  if (isAsAnswered(held, answer)) return { kind: "restore", held, happened: neither };
  const message = `${neither} It was left unchanged, because someone may have set it in the meantime. ${LOOK}`;
  return { kind: "failed", message };
}

/** Whether the Hub still has the configuration from its response. If not, someone may have changed it since. */
function isAsAnswered(held: ParsedConfiguration<SsoSettings>, answer: Aftermath["answer"]): boolean {
  return (
    answer !== undefined &&
    differingParts(held.comparable, answer.comparable).length === 0 &&
    held.values.updatedAt === answer.values.updatedAt
  );
}

/** How the Hub's configuration differs from what was sent. */
function describeHeld({ values }: ParsedConfiguration, differing: readonly Part[]): string {
  const absent = differing.filter((part) => values[part] === undefined);
  const others = differing.filter((part) => !absent.includes(part));
  return [
    ...(others.length > 0 ? [`a different ${others.join(", ")} from what was sent`] : []),
    ...(absent.length > 0 ? [`no ${absent.join(", ")}`] : []),
  ].join(", and ");
}

function outcomeIfEqual(
  update: SsoUpdate,
  before: Delivery["before"],
  { lost, held, readBack }: Aftermath,
): Outcome {
  // A new notation of the same address is not a difference, so compare the text to see whether it arrived.
  const addressBefore = before?.values.ssoUrl;
  const rewrites = update.ssoUrl !== undefined && update.ssoUrl !== addressBefore;
  if (lost !== undefined && rewrites && held?.values.ssoUrl === addressBefore) {
    return { kind: "failed", message: `${lost} ${AS_BEFORE}` };
  }
  if (lost !== undefined && update.clientSecret !== undefined) {
    return {
      kind: "failed",
      message:
        `${lost} The Hub has the declared configuration, but the client secret cannot be read back, so it may not have arrived. ` +
        "Run `pulumi up` again to send it again.",
    };
  }
  if (!readBack) {
    return {
      kind: "delivered",
      words: "the Hub accepted the configuration",
      warning: "the Hub accepted the configuration, but it could not be read back.",
    };
  }
  const words = "the Hub has the declared configuration";
  return {
    kind: "delivered",
    words:
      update.clientSecret === undefined
        ? words
        : `${words}, as far as it can be read back: the client secret cannot`,
  };
}

/** Whether the state has the same configuration as the Hub had, as far as it can be read. */
export function isRemembered(
  before: ParsedConfiguration<SsoSettings>,
  remembered: ParsedConfiguration,
): boolean {
  return differingParts(remembered.comparable, before.comparable).length === 0;
}

/** The update that restores the previous configuration and the expected result, or why it cannot be restored. */
export function restoration(
  { before, remembered, update }: Delivery,
  held: ParsedConfiguration,
): { hindrance: string } | { update: SsoUpdate; expected: Comparable } {
  if (!before) return { hindrance: "there was none" };
  if (!remembered || !isRemembered(before, remembered)) return { hindrance: "it is not in the state" };
  const { provider, enabled, ssoUrl, certificate, clientId, clientSecret } = remembered.values;
  // A secret that was not replaced stays: the Hub may have a newer one than the state.
  const secretGoes =
    provider === "oidc" &&
    (update.clientSecret !== undefined ||
      update.provider !== undefined ||
      held.comparable.provider !== "oidc");
  if (secretGoes && clientSecret === undefined) {
    return { hindrance: "its client secret is not in the state and cannot be read back" };
  }
  return {
    expected: remembered.comparable,
    update: {
      provider,
      enabled,
      ...(ssoUrl && { ssoUrl }),
      ...(provider === "saml" ? { certificate } : { clientId, ...(secretGoes && { clientSecret }) }),
    },
  };
}
