// The location of a resource's declaration, as the engine receives it.
import assert from "node:assert/strict";
import { showCallerOnly } from "../../provider/src/program/callSite";

const fiveDeep = (make: () => string | undefined): string | undefined => {
  // The frames that the SDK removes.
  const four = () => make();
  const three = () => four();
  const two = () => three();
  return two();
};

describe("call site", () => {
  // eslint-disable-next-line @typescript-eslint/unbound-method -- compared, not called
  const before = Error.prepareStackTrace;
  const stackOf = (): string[] => {
    const restore = showCallerOnly();
    try {
      // The SDK treats the stack that it sends in the same way.
      Error.stackTraceLimit = Infinity;
      return (fiveDeep(() => new Error("here").stack) ?? "").split("\n").slice(1);
    } finally {
      restore();
    }
  };

  it("shows frames of the program in the form that the SDK reads, and no frames of Node.js", () => {
    const frames = stackOf().slice(5);
    assert.ok(frames.length >= 1 && frames.length <= 3, String(frames));
    for (const frame of frames) {
      assert.match(frame, /^\s*at .* \(.+:\d+:\d+\)$/);
      assert.doesNotMatch(frame, /\(node:/);
    }
  });
  it("names the line in the source", () => {
    const own = stackOf().filter((frame) => frame.includes("callSite.test.ts"));
    assert.ok(own.length > 0);
    const lines = own.map((frame) => Number(/:(\d+):\d+\)$/.exec(frame)?.[1]));
    assert.ok(
      lines.every((line) => line > 0 && line < 40),
      String(lines),
    );
  });
  it("does not change other stacks", () => {
    const limit = Error.stackTraceLimit;
    stackOf();
    assert.equal(Error.stackTraceLimit, limit);
    // eslint-disable-next-line @typescript-eslint/unbound-method -- compared, not called
    assert.equal(Error.prepareStackTrace, before);
  });
});
