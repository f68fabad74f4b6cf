import type { ContainerDefinition, Service } from "@aws-sdk/client-ecs";
import { describe, expect, test } from "@jest/globals";

import { checkTemplates } from "../../../scripts/core/init/check-templates.ts";
import { deployedImage } from "../../../scripts/core/init/deployed-image.ts";
import { templateText } from "../../../scripts/core/init/template-text.ts";
import { serviceTemplate, taskDefinitionTemplate } from "../../../scripts/core/init/templates-of.ts";
import { registered, service } from "../../helpers/ecs-json.ts";

const own = { countIsAutoscaled: false };

const choice = (containers: readonly ContainerDefinition[], of: Partial<Service> = {}): unknown =>
  deployedImage(
    { family: "web", containerDefinitions: [...containers] },
    service({ serviceName: "shop", ...of }),
  );

describe("the image that deployments bring", () => {
  test("is that of the only container", () => {
    expect(choice([{ name: "x", image: "app:1" }])).toEqual({ image: "app:1", containers: ["x"] });
  });

  test("is that of the only essential container, with helpers of the same image", () => {
    expect(
      choice([
        { name: "migrate", image: "app:1", essential: false },
        { name: "log", image: "log:1", essential: false },
        { name: "x", image: "app:1", essential: true },
      ]),
    ).toEqual({ image: "app:1", containers: ["migrate", "x"] });
  });

  test("is that behind the load balancer, else that which is called like the service or the family", () => {
    const two = [
      { name: "proxy", image: "proxy:1" },
      { name: "web", image: "app:1" },
    ];
    expect(choice(two, { loadBalancers: [{ containerName: "proxy" }] })).toMatchObject({ image: "proxy:1" });
    expect(choice(two)).toMatchObject({ image: "app:1" });
    expect(choice([{ name: "shop", image: "app:2" }, ...two.slice(0, 1)])).toMatchObject({ image: "app:2" });
  });

  test("can't be told where nothing points at one of several, or at no image at all", () => {
    expect(
      choice([
        { name: "a", image: "a:1" },
        { name: "b", image: "b:1" },
      ]),
    ).toBeUndefined();
    expect(choice([{ name: "a", image: "@@VERSION@@" }])).toBeUndefined();
    expect(choice([])).toBeUndefined();
  });
});

describe("the template of a service", () => {
  test("has the members that the deployment and the revision tell of", () => {
    const monitoring = { metricConfigurations: [{ metricNames: ["CPUUtilization"], resolutionSeconds: 20 }] };
    const running = { ...service(), monitoring } as Service;
    expect(serviceTemplate(running, own)).toMatchObject({ monitoring, desiredCount: 2, launchType: "EC2" });
  });

  test("leaves the count to autoscaling and to DAEMON", () => {
    expect(serviceTemplate(service(), { countIsAutoscaled: true })).not.toHaveProperty("desiredCount");
    expect(serviceTemplate(service({ schedulingStrategy: "DAEMON" }), own)).not.toHaveProperty(
      "desiredCount",
    );
    expect(serviceTemplate(service({ desiredCount: 0 }), own)).toMatchObject({ desiredCount: 0 });
  });

  test("has no launch type beside capacity providers, and a cluster only where it is another", () => {
    const strategy = [{ capacityProvider: "p", weight: 1, base: 0 }];
    const template = serviceTemplate(service({ capacityProviderStrategy: strategy }), own);
    expect(template).not.toHaveProperty("launchType");
    expect(template).not.toHaveProperty("cluster");
    expect(serviceTemplate(service(), { ...own, cluster: "other" })).toMatchObject({ cluster: "other" });
  });

  test("has the role that it was created with, and not ECS's own", () => {
    const balanced = { loadBalancers: [{ targetGroupArn: "t", containerName: "nginx", containerPort: 80 }] };
    const roleArn = "arn:aws:iam::1:role/ecs/lb";
    expect(serviceTemplate(service({ ...balanced, roleArn }), own)).toMatchObject({ role: roleArn });
    const linked = "arn:aws:iam::1:role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS";
    expect(serviceTemplate(service({ ...balanced, roleArn: linked }), own)).not.toHaveProperty("role");
  });

  test("has its own tags, not AWS's and not those of the trail", () => {
    const tags = [
      { key: "aws:x", value: "1" },
      { key: "slipway:commit", value: "2" },
      { key: "team", value: "a" },
    ];
    expect(serviceTemplate(service({ tags }), own)["tags"]).toEqual([{ key: "team", value: "a" }]);
  });
});

describe("the templates of a running service", () => {
  const revision = registered("registry:5000/app@sha256:" + "a".repeat(64));
  const running = service();
  const texts = (definition: object, of: object): Parameters<typeof checkTemplates>[0] => ({
    taskDefinition: { file: "task-definition.json", text: templateText(definition) },
    service: { file: "service.json", text: templateText(of) },
  });

  test("render to what runs", () => {
    const deployed = deployedImage(revision.taskDefinition, running);
    const definition = taskDefinitionTemplate(revision, deployed);
    expect(JSON.stringify(definition)).not.toMatch(
      /registeredAt|compatibilities"|requiresAttributes|"revision"|"status"/,
    );
    expect(
      checkTemplates(
        texts(definition, serviceTemplate(running, own)),
        { service: running, revision },
        deployed?.image ?? "",
      ),
    ).toEqual([]);
  });

  test("are told apart from what runs where they do not", () => {
    const definition = { ...taskDefinitionTemplate(revision, undefined), pidMode: "host" };
    const template = { ...serviceTemplate(running, own), desiredCount: 7 };
    expect(checkTemplates(texts(definition, template), { service: running, revision }, "x:1")).toEqual([
      "task-definition.json: pidMode differs from what runs.",
      "service.json: desiredCount differs from what runs.",
    ]);
  });

  test("are told to be wrong where a run would not read them", () => {
    const template = { ...serviceTemplate(running, own), nonsense: 1 };
    const [problem] = checkTemplates(
      texts(taskDefinitionTemplate(revision, undefined), template),
      { service: running, revision },
      "x:1",
    );
    expect(problem).toMatch(/service\.json:\d+:\d+ .*nonsense/);
  });
});
