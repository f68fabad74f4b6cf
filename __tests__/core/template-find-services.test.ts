import { describe, expect, test } from "@jest/globals";

import {
  chooseServiceTemplate,
  chooseTaskDefinition,
  findServices,
} from "../../scripts/core/template/find-services.ts";

describe("services are found", () => {
  test("in a folder each", () => {
    expect(
      findServices([
        "web/task-definition.json",
        "web/service.json",
        "api/task-definition.json",
        "api/service-create.json",
        "api/service-update.json",
      ]),
    ).toEqual({
      ok: true,
      services: [
        {
          name: "api",
          layout: "folder",
          taskDefinition: "api/task-definition.json",
          serviceCreate: "api/service-create.json",
          serviceUpdate: "api/service-update.json",
        },
        {
          name: "web",
          layout: "folder",
          taskDefinition: "web/task-definition.json",
          service: "web/service.json",
        },
      ],
    });
  });

  test("in the older, flat layout, with either ending", () => {
    const listing = ["td-web.template", "service-create-web.json", "service-update-web.json", "td-api.json"];
    expect(findServices(listing)).toEqual({
      ok: true,
      services: [
        { name: "api", layout: "flat", taskDefinition: "td-api.json" },
        {
          name: "web",
          layout: "flat",
          taskDefinition: "td-web.template",
          serviceCreate: "service-create-web.json",
          serviceUpdate: "service-update-web.json",
        },
      ],
    });
  });

  test("side by side in both layouts, and with the separators of Windows", () => {
    const found = findServices([String.raw`web\task-definition.json`, "td-api.json"]);
    expect(found.ok && found.services.map(({ name, layout }) => [name, layout])).toEqual([
      ["api", "flat"],
      ["web", "folder"],
    ]);
  });

  test("and other files are left alone", () => {
    const listing = [
      "README.md",
      ".DS_Store",
      "web/Dockerfile",
      "web/old/service.json",
      "td-.json",
      "td-web.txt",
    ];
    expect(findServices(listing)).toEqual({ ok: true, services: [] });
  });
});

describe("a folder that can be read in two ways is refused", () => {
  test("two files for one template", () => {
    expect(findServices(["td-web.json", "td-web.template", "service-create-web.json"])).toEqual({
      ok: false,
      problems: [
        {
          message: 'The service "web" has 2 files for one template: td-web.json, td-web.template.',
          hint: "Keep one of them.",
        },
      ],
    });
  });

  test("a service in both layouts", () => {
    expect(findServices(["web/service.json", "td-web.json"])).toEqual({
      ok: false,
      problems: [
        {
          message: 'The service "web" is there in both layouts: web/service.json and td-web.json.',
          hint: "Keep the files of one layout.",
        },
      ],
    });
  });
});

describe("a verb uses", () => {
  const both = { name: "web", layout: "folder", service: "web/service.json" } as const;

  test("the template of its own before the one for both", () => {
    const own = { ...both, serviceCreate: "web/service-create.json" };
    expect(chooseServiceTemplate(own, "create")).toEqual({
      ok: true,
      path: "web/service-create.json",
      shape: "CreateService",
    });
    expect(chooseServiceTemplate(own, "update")).toEqual({
      ok: true,
      path: "web/service.json",
      shape: "Service",
    });
  });

  test("the update's template checked as an update", () => {
    expect(chooseServiceTemplate({ ...both, serviceUpdate: "u.json" }, "update")).toMatchObject({
      path: "u.json",
      shape: "UpdateService",
    });
  });

  test("no other, and tells which file is missing and where", () => {
    expect(chooseServiceTemplate({ name: "web", layout: "folder" }, "update")).toEqual({
      ok: false,
      message: 'The service "web" has no template to update it from.',
      hint: "Write web/service.json, or web/service-update.json in the templates folder.",
    });
    expect(chooseServiceTemplate({ name: "web", layout: "flat" }, "create")).toMatchObject({
      hint: "Write service-create-web.json in the templates folder.",
    });
    expect(chooseTaskDefinition({ name: "web", layout: "flat" })).toEqual({
      ok: false,
      message: 'The service "web" has no task definition.',
      hint: "Write td-web.json in the templates folder.",
    });
    expect(chooseTaskDefinition(both)).toMatchObject({
      hint: expect.stringContaining("web/task-definition.json"),
    });
  });
});
