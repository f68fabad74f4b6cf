import { expect, test } from "@jest/globals";

import type { ApiRequest } from "../../scripts/local/gateway/request.ts";
import { withWholePages } from "../../scripts/local/gateway/whole-pages.ts";

function call(fields: Readonly<Record<string, string>>): ApiRequest {
  const form = new URLSearchParams(fields);
  return {
    method: "POST",
    url: "/",
    headers: {},
    body: Buffer.from(form.toString()),
    service: "elasticloadbalancing",
    region: "us-east-1",
    accessKeyId: "local",
    operation: fields["Action"] ?? null,
    form,
  };
}

test.each(["DescribeRules", "DescribeLoadBalancers"])(
  "%s gives all at once unless asked otherwise",
  (Action) => {
    const asked = String(withWholePages(call({ Action, ListenerArn: "arn:aws:x y" })).body);
    expect(Object.fromEntries(new URLSearchParams(asked))).toEqual({
      Action,
      ListenerArn: "arn:aws:x y",
      PageSize: "400",
    });
    const paged = call({ Action, PageSize: "2" });
    expect(withWholePages(paged)).toBe(paged);
  },
);

test("other calls are passed on as they came", () => {
  const created = call({ Action: "CreateRule" });
  expect(withWholePages(created)).toBe(created);
});
