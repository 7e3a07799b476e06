import { describe, expect, it, vi } from "vitest";
import { ChangeStream } from "../src/ChangeStream.js";
import { entry, subject } from "./FakeHub.js";

describe("ChangeStream", () => {
  it("keeps the latest entry of each subject for a reader that falls behind", async () => {
    const stream = new ChangeStream(vi.fn());
    for (let revision = 1; revision <= 1_000; revision++) {
      stream.push(entry({ revision }));
      stream.push(entry({ id: subject(2), revision }));
    }
    stream.end();
    const read = [];
    for await (const { id, revision } of stream) {
      read.push([id, revision]);
    }
    expect(read).toEqual([
      [subject(1), 1_000],
      [subject(2), 1_000],
    ]);
  });

  it("hands a change to a reader that waits", async () => {
    const stream = new ChangeStream(vi.fn());
    const next = stream.next();
    stream.push(entry({ revision: 2 }));
    expect((await next).value).toMatchObject({ revision: 2 });
  });

  it("does not hand out a subject that was forgotten", async () => {
    const stream = new ChangeStream(vi.fn());
    stream.push(entry());
    stream.forget(subject(1));
    stream.end();
    expect((await stream.next()).done).toBe(true);
  });

  it("unregisters when the reader leaves its loop", async () => {
    const onReturn = vi.fn();
    const stream = new ChangeStream(onReturn);
    stream.push(entry());
    for await (const change of stream) {
      expect(change.revision).toBe(1);
      break;
    }
    expect(onReturn).toHaveBeenCalledOnce();
  });

  it("ends readers that wait", async () => {
    const stream = new ChangeStream(vi.fn());
    const next = stream.next();
    stream.end();
    expect((await next).done).toBe(true);
  });
});
