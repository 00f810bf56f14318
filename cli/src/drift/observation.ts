import { type Properties } from "pulumi-huggingface/core";
import { type Recorded } from "./stack";

/** What the Hub has of a resource, as a refresh would store it. */
export interface Found {
  inputs: Properties;
  /** The state that the lifecycle works with. */
  state: Properties;
}

/** The result of one read. */
export interface Observation {
  resource: Recorded;
  /** The recorded state in the form in which it was read; absent if it cannot be read. */
  before?: Properties;
  /** Absent if the object is certainly gone, or if the read failed. */
  found?: Found | undefined;
  /** Why the resource could not be read. */
  failure?: string;
}
