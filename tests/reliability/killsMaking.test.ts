import { killsOf } from "./kills";

describe("SIGKILL during creations and changes", () => killsOf(["create", "account", "update"]));
