import fc from "fast-check";

/** Pieces that mean something to some layer between a value and AWS. */
const fragment = fc.constantFrom(
  ...[
    '"',
    "\\",
    "\n",
    "\r",
    "\u0000",
    "\u2028",
    "@@",
    "@",
    "@@A@@",
    "@A@",
    "@@ssm:/a@@",
    "ssm:",
    "//",
    "/*",
    "*/",
  ],
  ...[
    "{",
    "}",
    "[",
    "]",
    ":",
    ",",
    '","privileged":true,"a":"',
    "\\u0040",
    "${A}",
    "$&",
    "__proto__",
    "\ud800",
    "😀",
    "1",
  ],
);
/** Texts that are made to break out of wherever they are put. */
export const hostileText = fc
  .array(fc.oneof(fragment, fc.string({ unit: "binary", maxLength: 6 })), { maxLength: 12 })
  .map((parts) => parts.join(""));
