// The questions to a person at a terminal. The libraries are loaded only for them.
import { shown } from "../terminal";
import { type Found } from "./found";
import { type Kind, KINDS } from "./kinds";

/** Asks a person. */
export interface Questions {
  /** Which kinds to adopt, of those with this number of objects. */
  kinds(counts: ReadonlyMap<Kind, number>): Promise<Kind[]>;
  /** Which objects of a kind to adopt. */
  objects(kind: Kind, found: readonly Found[]): Promise<readonly Found[]>;
  /** Why outsiders may see what they can see. */
  reason(count: number, proposal: string): Promise<string>;
  /** Whether to continue. */
  confirm(question: string): Promise<boolean>;
}

/** The longest reason that a resource accepts. */
const LONGEST_REASON = 500;

/** Kinds that are not chosen at first. */
const NOT_CHOSEN: readonly Kind[] = ["own-tokens", "organization-visibility"];

/** Asks on the terminal of this process. */
export const terminalQuestions: Questions = {
  async kinds(counts) {
    const { default: checkbox } = await import("@inquirer/checkbox");
    return checkbox({
      message: "What do you want to adopt?",
      pageSize: 12,
      required: true,
      choices: [...counts].map(([kind, count]) => ({
        value: kind,
        name: `${KINDS[kind].what} (${count})`,
        checked: !NOT_CHOSEN.includes(kind),
      })),
    });
  },

  async objects(kind, found) {
    const { default: select } = await import("@inquirer/select");
    const which = await select({
      message: `${KINDS[kind].what}:`,
      choices: [
        { value: "all", name: `all ${found.length}` },
        { value: "some", name: "choose some" },
      ],
    });
    if (which === "all") return found;
    const { default: checkbox } = await import("@inquirer/checkbox");
    return checkbox({
      message: "Which ones?",
      pageSize: 15,
      required: true,
      // Their names can fill the screen.
      theme: {
        style: {
          renderSelectedChoices: (chosen: readonly unknown[]) => `${chosen.length} of ${found.length}`,
        },
      },
      choices: found.map((each) => ({ value: each, name: shown(each.title) })),
    });
  },

  async reason(count, proposal) {
    const { default: input } = await import("@inquirer/input");
    return input({
      message: `Why may outsiders see ${count === 1 ? "this repository" : `these ${count} repositories`}?`,
      default: proposal,
      validate: (text) => isReason(text) || `Write 1 to ${LONGEST_REASON} characters.`,
    });
  },

  async confirm(question) {
    const { default: confirm } = await import("@inquirer/confirm");
    return confirm({ message: question, default: true });
  },
};

/** Whether a resource accepts the text as a reason. */
export function isReason(text: string): boolean {
  return /\S/.test(text) && text.length <= LONGEST_REASON;
}
