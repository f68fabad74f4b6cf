import { describe, expect, test } from "@jest/globals";

import { MotoWrites } from "../../scripts/local/gateway/moto-writes.ts";

function writes(): { readonly moto: MotoWrites; readonly logged: string[] } {
  const logged: string[] = [];
  return { moto: new MotoWrites((message) => logged.push(message)), logged };
}

describe("what moto is told after the state has decided it", () => {
  test("is told one thing after the other, and a reader that waits sees all of it", async () => {
    const { moto } = writes();
    const told: string[] = [];
    const after = (name: string, turns: number) => async (): Promise<void> => {
      for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
      told.push(name);
    };
    void moto.write(after("slow", 20));
    void moto.write(after("quick", 1));
    await moto.told;
    expect(told).toEqual(["slow", "quick"]);
  });

  test("is not held up by a write that moto refuses, which is logged", async () => {
    const { moto, logged } = writes();
    void moto.write(() => Promise.reject(new Error("no such rule")));
    await moto.told;
    expect(logged).toEqual(["error writing to moto: Error: no such rule"]);
  });
});
