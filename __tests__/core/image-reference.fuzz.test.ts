/** What holds for every image reference, tried on thousands that nobody would think of. */
import { describe, expect, jest, test } from "@jest/globals";
import fc from "fast-check";

import { formatImageReference, parseImageReference } from "../../scripts/core/image-reference.ts";
import { hostileText as text } from "../helpers/hostile-text.ts";

const runs = { numRuns: 2000 };
jest.setTimeout(60_000);

describe("image references", () => {
  test("whatever the text, it is read or refused, and what is read has nothing that JSON or a shell would mind", () => {
    fc.assert(
      fc.property(fc.oneof(text, fc.stringMatching(/^[a-zA-Z0-9._:/@[\]-]{0,40}$/)), (reference) => {
        const parsed = parseImageReference(reference);
        if (parsed.ok) {
          expect(reference).toMatch(/^[A-Za-z0-9._:/@[\]-]+$/);
          expect(formatImageReference(parsed.image)).toBe(reference);
        } else expect(parsed.message).toContain("is not a valid image reference: ");
      }),
      runs,
    );
  });

  test("what is made of valid parts is read in these parts", () => {
    const component = fc.stringMatching(/^[a-z0-9]{1,8}((\.|_|__|-{1,3})[a-z0-9]{1,8}){0,2}$/);
    const parts = fc.record(
      {
        registry: fc.oneof(
          fc.constantFrom("localhost", "[::1]", "10.0.0.1:80", "Registry"),
          fc.tuple(fc.domain(), fc.integer({ min: 1, max: 65_535 })).map(([host, port]) => `${host}:${port}`),
        ),
        repository: fc
          .array(component, { minLength: 1, maxLength: 3 })
          .map((components) => components.join("/")),
        tag: fc.stringMatching(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,20}$/),
        digest: fc.stringMatching(/^[a-f0-9]{64}$/).map((hash) => `sha256:${hash}`),
      },
      { requiredKeys: ["repository"] },
    );
    fc.assert(
      fc.property(parts, (image) => {
        // Without a registry the first of several components must not look like one.
        fc.pre(image.registry !== undefined || !/^([^/]*\.|localhost)[^/]*\//.test(image.repository));
        fc.pre(formatImageReference(image).split(/[:@]/)[0]?.length !== 64);
        expect(parseImageReference(formatImageReference(image))).toEqual({ ok: true, image });
      }),
      runs,
    );
  });
});
