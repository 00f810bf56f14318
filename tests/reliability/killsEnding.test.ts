import { killsOf } from "./kills";

describe("SIGKILL while something is succeeded, looked at or ended", () =>
  killsOf(["rotate", "retire", "refresh", "delete"]));
