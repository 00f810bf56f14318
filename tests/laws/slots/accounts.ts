// Service accounts.
import * as accounts from "../../../local-hub/src/store/service-accounts";
import { ORGANIZATION } from "../hub";
import { type Args, type Slot } from "./slot";

const set = (words: string, changes: Args) => ({ words, apply: (args: Args) => ({ ...args, ...changes }) });

export const accountSlot: Slot = {
  type: "ServiceAccount",
  object: "account robot",
  name: "robot",
  begin: () => undefined,
  args: { organization: ORGANIZATION, name: "robot" },
  program: [true, false].flatMap((on) => [
    set(`declares recreateIfMissing: ${on}`, { recreateIfMissing: on }),
    set(`declares forceDestroy: ${on}`, { forceDestroy: on }),
  ]),
  hand: [
    {
      words: "deletes the account",
      apply(store, actor, current = "") {
        const account = store.serviceAccounts.get(current);
        if (account) accounts.deleteServiceAccount(store, account, actor);
      },
    },
    {
      words: "issues a token for the account",
      apply(store, actor, current = "") {
        const account = store.serviceAccounts.get(current);
        if (account) accounts.createServiceAccountToken(store, account, { displayName: "by hand" }, actor);
      },
    },
    {
      words: "creates another account with the same name",
      apply: (store, actor) =>
        void accounts.createServiceAccount(store, ORGANIZATION, { name: "robot" }, actor),
    },
  ],
  mayBeDeclaredAgain: true,
  mayChangeProvider: true,
  needsReason: () => false,
  asOnHub: (args) => args,
};
