// What became of a change of a configuration that was sent, as far as it could be read back.
import { type SsoSettings, type SsoUpdate } from "../client";
import { type Comparable, differingParts, type ParsedConfiguration, type Part } from "./ssoComparison";

/** What stands behind everything that is said of a configuration that was sent. */
export const NOT_TESTED =
  "Whether a login works was not tested: keep an administrator signed in, and try one.";

/** What to do if what the Hub has is not what anyone wants. */
export const LOOK = `Look at the organization's settings now, with an administrator who is still signed in. ${NOT_TESTED}`;

const AS_BEFORE =
  "What can be read back is as it was before. Run `pulumi up` again; if it stays so, look at the organization's settings.";

/** A change of a configuration, and what is known of the one before. */
export interface Delivery {
  organization: string;
  update: SsoUpdate;
  declared: ParsedConfiguration;
  /** What the Hub had just before; absent if it had nothing. */
  before: ParsedConfiguration<SsoSettings> | undefined;
  /** What the state has, with the secret if it is known; absent before a creation. */
  remembered: ParsedConfiguration | undefined;
}

/** What the Hub has after it. */
export interface Aftermath {
  /** What the error said, if the answer was lost. */
  lost: string | undefined;
  /** What the Hub answered; absent if the answer was lost. */
  answer: ParsedConfiguration<SsoSettings> | undefined;
  /** What is there as far as it is known: read back, or else as the answer says. */
  held: ParsedConfiguration<SsoSettings> | undefined;
  /** Whether it was read back. */
  readBack: boolean;
}

export type Outcome =
  /** What is known of it now, in words. */
  | { kind: "delivered"; words: string; warning?: string }
  | { kind: "failed"; message: string }
  /** The Hub has made something else of it, which is neither the old configuration nor the new one. */
  | { kind: "restore"; happened: string; held: ParsedConfiguration };

/** Decides what became of it. Never claims more than was read back. */
export function outcomeOf({ organization, update, declared, before }: Delivery, after: Aftermath): Outcome {
  const { lost, answer, held, readBack } = after;
  if (!held) {
    const message = readBack
      ? `${lost ?? `The Hub accepted the configuration of ${organization}.`} The Hub holds no configuration. Run \`pulumi up\` again.`
      : `${lost} What the Hub holds now could not be read either. Run \`pulumi up\` again when it answers.`;
    return { kind: "failed", message };
  }
  const differing = differingParts(held.comparable, declared.comparable);
  if (differing.length === 0) return outcomeIfEqual(update, before, after);
  const happened =
    lost ??
    `The Hub accepted the configuration of ${organization}, but holds ${describeHeld(held, differing)}.`;
  if (before && differingParts(held.comparable, before.comparable).length === 0) {
    return { kind: "failed", message: `${happened} ${AS_BEFORE}` };
  }
  if (!readBack) {
    const message = `${happened} It could not be read back, and nothing was restored. ${LOOK}`;
    return { kind: "failed", message };
  }
  const begin = lost === undefined ? `${happened} That is` : `${lost} The Hub holds`;
  const neither = `${begin} neither the configuration before nor the one that is declared.`;
  // guard: sso-restored-if-own
  if (isAsAnswered(held, answer)) return { kind: "restore", held, happened: neither };
  const message = `${neither} It was left as it is, because someone may have set it meanwhile. ${LOOK}`;
  return { kind: "failed", message };
}

/** Whether the Hub still has what it made of the change. Otherwise someone may have set it since. */
function isAsAnswered(held: ParsedConfiguration<SsoSettings>, answer: Aftermath["answer"]): boolean {
  return (
    answer !== undefined &&
    differingParts(held.comparable, answer.comparable).length === 0 &&
    held.values.updatedAt === answer.values.updatedAt
  );
}

/** What the Hub has in place of what was sent. */
function describeHeld({ values }: ParsedConfiguration, differing: readonly Part[]): string {
  const absent = differing.filter((part) => values[part] === undefined);
  const others = differing.filter((part) => !absent.includes(part));
  return [
    ...(others.length > 0 ? [`another ${others.join(", ")} than was sent`] : []),
    ...(absent.length > 0 ? [`no ${absent.join(", ")}`] : []),
  ].join(", and ");
}

function outcomeIfEqual(
  update: SsoUpdate,
  before: Delivery["before"],
  { lost, held, readBack }: Aftermath,
): Outcome {
  // Another writing of the same address is no difference, and yet it may not have arrived.
  const addressBefore = before?.values.ssoUrl;
  const rewrites = update.ssoUrl !== undefined && update.ssoUrl !== addressBefore;
  if (lost !== undefined && rewrites && held?.values.ssoUrl === addressBefore) {
    return { kind: "failed", message: `${lost} ${AS_BEFORE}` };
  }
  if (lost !== undefined && update.clientSecret !== undefined) {
    return {
      kind: "failed",
      message:
        `${lost} The Hub holds what is declared, but whether the client's secret is among it cannot be read back. ` +
        "Run `pulumi up` again, which sends it again.",
    };
  }
  if (!readBack) {
    return {
      kind: "delivered",
      words: "the Hub accepted the configuration",
      warning: "the Hub accepted the configuration, but it could not be read back.",
    };
  }
  const words = "the Hub holds the configuration as it is declared";
  return {
    kind: "delivered",
    words:
      update.clientSecret === undefined
        ? words
        : `${words}, as far as it can be read back: the client's secret cannot`,
  };
}

/** Whether the state has what the Hub had, as far as it can be read. */
export function isRemembered(
  before: ParsedConfiguration<SsoSettings>,
  remembered: ParsedConfiguration,
): boolean {
  return differingParts(remembered.comparable, before.comparable).length === 0;
}

/** What restores the configuration before, and what it then reads as; or why nothing can. */
export function restoration(
  { before, remembered, update }: Delivery,
  held: ParsedConfiguration,
): { hindrance: string } | { update: SsoUpdate; expected: Comparable } {
  if (!before) return { hindrance: "there was none before" };
  if (!remembered || !isRemembered(before, remembered)) return { hindrance: "the state does not hold it" };
  const { provider, enabled, ssoUrl, certificate, clientId, clientSecret } = remembered.values;
  // A secret that no one has replaced stays: someone may have given the Hub a newer one than the state has.
  const secretGoes =
    provider === "oidc" &&
    (update.clientSecret !== undefined ||
      update.provider !== undefined ||
      held.comparable.provider !== "oidc");
  if (secretGoes && clientSecret === undefined) {
    return { hindrance: "its client secret is not known here and cannot be read back" };
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
