import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeNodeId, encodeNodeId } from "./node-id.ts";

test("An id leads back to the thing and the part that it was made for.", () => {
  fc.assert(
    fc.property(
      fc.constantFrom("user", "repository", "commit", "organization" as const),
      fc.nat(0xffff_ffff),
      fc.nat(0xffff_ffff),
      (kind, index, part) => {
        expect(decodeNodeId(encodeNodeId(kind, index, part))).toEqual({ kind, index, part });
      },
    ),
  );
});

test("What was never given out is no id.", () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(decodeNodeId(text)).toBeNull();
    }),
  );
  expect(decodeNodeId(encodeNodeId("user", 3).replace("U_", "R_"))).toBeNull();
  expect(decodeNodeId(`${encodeNodeId("user", 3)}=`)).toBeNull();
});
