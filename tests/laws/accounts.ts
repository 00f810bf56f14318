// The laws for service accounts: a deleted account is not created again unless the program asks for it, and an
// account that has tokens is not deleted.
import { type Outcome, type Step } from "./engine";
import { describe, type Judge, type Surroundings } from "./surroundings";

export class AccountLaws implements Judge {
  /** The Hub's id of each resource's account. */
  readonly #ids = new Map<number, string>();
  readonly #touched = new Set<string>();
  #before = new Map<string, number>();
  #made: string[] = [];

  constructor(private readonly around: Surroundings) {}

  currentOf(uid: number | undefined): string | undefined {
    return this.#ids.get(uid ?? -1);
  }

  touch(id: string): void {
    this.#touched.add(id);
  }

  begin(step: Step): void {
    this.#made = [];
    if (step.type !== "ServiceAccount" || step.preview || !step.old) return;
    if (step.method !== "update" && step.method !== "create") return;
    const isThere = this.#look().has(this.#ids.get(step.old.uid) ?? "");
    this.around.counters.row(`ServiceAccount: ${isThere ? "as declared" : "gone"}`);
  }

  beforeWrite(): void {
    this.#before = this.#look();
  }

  afterWrite(step: Step): void {
    const after = this.#look();
    for (const id of after.keys()) if (!this.#before.has(id)) this.#judgeCreation(step, id);
    for (const [id, tokens] of this.#before) if (!after.has(id)) this.#judgeDeletion(step, id, tokens);
  }

  end(step: Step, outcome: Outcome): void {
    if (step.type !== "ServiceAccount" || step.preview) return;
    const id = this.#ids.get(step.old?.uid ?? -1) ?? "";
    const { happened, willBend } = this.around.operation().weather;
    if (outcome.dead) return;
    if (outcome.error) {
      if (!happened && !willBend && !this.#touched.has(id)) {
        this.around.break(
          9,
          `${step.method} of ServiceAccount refused`,
          `${describe(step)}: ${outcome.error.message}`,
        );
      }
      return;
    }
    const there = this.#look();
    if (step.method === "delete" && there.has(id)) {
      this.around.break(7, "deleted in vain", `${describe(step)} succeeds, but the account still exists`);
    }
    if (step.method !== "create") return;
    const made = this.#made.at(-1);
    if (made === undefined || !there.has(made)) {
      return this.around.break(
        7,
        "created in vain",
        `${describe(step)} succeeds, but the account does not exist`,
      );
    }
    this.#ids.set(step.uid as number, made);
  }

  judgeEnd(): void {
    // An account has no setting that could be looser.
  }

  #judgeCreation(step: Step, id: string): void {
    this.#made.push(id);
    if (step.type !== "ServiceAccount" || step.method !== "create") {
      return this.around.break(1, "account created elsewhere", `${describe(step)} creates the account ${id}`);
    }
    const { replace = [] } = this.around.operation().options;
    const args = step.declared?.args ?? {};
    const isGone = step.old && !this.#before.has(this.#ids.get(step.old.uid) ?? "");
    const isAsked =
      replace.includes(step.name) || args["recreateIfMissing"] === true || args["allowReplace"] === true;
    if (isGone && !isAsked)
      this.around.break(1, "account created again", `${describe(step)} creates the account again`);
  }

  #judgeDeletion(step: Step, id: string, tokens: number): void {
    const isOwn = step.type === "ServiceAccount" && step.method === "delete";
    if (!isOwn || this.#ids.get(step.old?.uid ?? -1) !== id) {
      return this.around.break(11, "account deleted", `${describe(step)} deletes the account ${id}`);
    }
    if (tokens > 0 && step.old?.inputs["forceDestroy"] !== true) {
      this.around.break(
        11,
        "account with tokens deleted",
        `${describe(step)} deletes an account with ${tokens} tokens`,
      );
    }
  }

  /** The number of tokens of each account. */
  #look(): Map<string, number> {
    const { store } = this.around;
    return new Map([...store.serviceAccounts.keys()].map((id) => [id, store.tokensOf(id).length]));
  }
}
