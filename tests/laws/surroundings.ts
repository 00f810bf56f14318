import { type Store } from "../../local-hub/src/store/store";
import { type Counters } from "./counters";
import { type Options } from "./engine";
import { type Seen } from "./hub";
import { type Weather } from "./weather";

/** What the judges of one kind of resource get from the oracle. */
export interface Surroundings {
  store: Store;
  counters: Counters;
  options(): Options;
  weather(): Weather;
  /** Whether an answer in this step was not the Hub's own. */
  metFault(): boolean;
  /** Writes of this operation whose answer was lost. */
  lostAnswers(): Seen[];
  warned(name: string): boolean;
  break(law: number, kind: string, message: string): void;
}
