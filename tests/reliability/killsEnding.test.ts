import { killsOf } from "./kills";

describe("SIGKILL during rotations, refreshes and deletions", () =>
  killsOf(["rotate", "retire", "refresh", "delete"]));
