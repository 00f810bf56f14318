import { killsOf } from "./kills";

describe("SIGKILL while something is made or changed", () => killsOf(["create", "account", "update"]));
