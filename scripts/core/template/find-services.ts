/** Finds the services of a templates folder from the list of its files, in either layout. */

/** The files of one service, as paths relative to the templates folder. */
export interface ServiceTemplates {
  readonly name: string;
  /** `folder`: `<service>/task-definition.json`; `flat`: the older `td-<service>.template`. */
  readonly layout: "folder" | "flat";
  readonly taskDefinition?: string;
  /** The one template that both inputs are made from. */
  readonly service?: string;
  readonly serviceCreate?: string;
  readonly serviceUpdate?: string;
  /** How the service is scaled. */
  readonly autoscaling?: string;
}

/** Two files that stand for the same template. */
interface LayoutProblem {
  readonly message: string;
  readonly hint: string;
}

/** What finding gives: the services by name, or why the folder can be read in two ways. */
export type FindResult =
  | { readonly ok: true; readonly services: readonly ServiceTemplates[] }
  | { readonly ok: false; readonly problems: readonly LayoutProblem[] };

/** The templates that a service can have. */
type Role = "taskDefinition" | "service" | "serviceCreate" | "serviceUpdate" | "autoscaling";

interface TemplateFile {
  readonly path: string;
  readonly service: string;
  readonly layout: ServiceTemplates["layout"];
  readonly role: Role;
}

const folderNames: Readonly<Record<Role, string>> = {
  taskDefinition: "task-definition",
  service: "service",
  serviceCreate: "service-create",
  serviceUpdate: "service-update",
  autoscaling: "autoscaling",
};
const flatPrefixes: Readonly<Record<string, Role>> = {
  td: "taskDefinition",
  "service-create": "serviceCreate",
  "service-update": "serviceUpdate",
  autoscaling: "autoscaling",
};
const folderFile =
  /^([^/]+)\/(task-definition|service|service-create|service-update|autoscaling)\.(?:jsonc?|template)$/;
const flatFile = /^(td|service-create|service-update|autoscaling)-([^/]+)\.(?:jsonc?|template)$/;

/**
 * Finds the services. Other files, and files deeper in the folder, are left alone.
 *
 * @param listing - paths of files, relative to the templates folder; a backslash counts as a slash
 */
export function findServices(listing: readonly string[]): FindResult {
  const files = listing.map((path) => path.replaceAll("\\", "/")).flatMap(readPath);
  const names = [...new Set(files.map(({ service }) => service))].sort();
  const problems = names.flatMap((name) =>
    ambiguities(
      name,
      files.filter(({ service }) => service === name),
    ),
  );
  if (problems.length > 0) return { ok: false, problems };
  return {
    ok: true,
    services: names.map((name) => {
      const own = files.filter(({ service }) => service === name);
      const paths = Object.fromEntries(own.map(({ role, path }) => [role, path]));
      return { name, layout: own[0]?.layout ?? "folder", ...paths };
    }),
  };
}

/** Which service template a verb uses: the one of its own, else the one for both. */
export type ServiceChoice =
  | {
      readonly ok: true;
      readonly path: string;
      readonly shape: "Service" | "CreateService" | "UpdateService";
    }
  | { readonly ok: false; readonly message: string; readonly hint: string };

/** Chooses the service template for a verb; when there is none, says which file is missing and where. */
export function chooseServiceTemplate(templates: ServiceTemplates, verb: "create" | "update"): ServiceChoice {
  const own = verb === "create" ? templates.serviceCreate : templates.serviceUpdate;
  if (own !== undefined)
    return { ok: true, path: own, shape: verb === "create" ? "CreateService" : "UpdateService" };
  if (templates.service !== undefined) return { ok: true, path: templates.service, shape: "Service" };
  const expected =
    templates.layout === "flat"
      ? `service-${verb}-${templates.name}.json`
      : `${templates.name}/service.json, or ${templates.name}/service-${verb}.json`;
  const message = `The service "${templates.name}" has no template to ${verb} it from.`;
  return { ok: false, message, hint: `Write ${expected} in the templates folder.` };
}

/** The task definition's template; when there is none, says which file is missing and where. */
export function chooseTaskDefinition(
  templates: ServiceTemplates,
):
  | { readonly ok: true; readonly path: string }
  | { readonly ok: false; readonly message: string; readonly hint: string } {
  if (templates.taskDefinition !== undefined) return { ok: true, path: templates.taskDefinition };
  const expected =
    templates.layout === "flat" ? `td-${templates.name}.json` : `${templates.name}/task-definition.json`;
  const message = `The service "${templates.name}" has no task definition.`;
  return { ok: false, message, hint: `Write ${expected} in the templates folder.` };
}

function readPath(path: string): readonly TemplateFile[] {
  const [, folder, base] = folderFile.exec(path) ?? [];
  if (folder !== undefined) {
    const role = (Object.keys(folderNames) as Role[]).find((candidate) => folderNames[candidate] === base);
    return role === undefined ? [] : [{ path, service: folder, layout: "folder", role }];
  }
  const [, prefix = "", service] = flatFile.exec(path) ?? [];
  const role = flatPrefixes[prefix];
  return service === undefined || role === undefined ? [] : [{ path, service, layout: "flat", role }];
}

function ambiguities(name: string, files: readonly TemplateFile[]): readonly LayoutProblem[] {
  const flat = files.find(({ layout }) => layout === "flat");
  const folder = files.find(({ layout }) => layout === "folder");
  if (flat !== undefined && folder !== undefined) {
    const message = `The service "${name}" is there in both layouts: ${folder.path} and ${flat.path}.`;
    return [{ message, hint: "Keep the files of one layout." }];
  }
  return (Object.keys(folderNames) as Role[]).flatMap((role) => {
    const paths = files.filter((file) => file.role === role).map(({ path }) => path);
    const [first, second] = paths;
    if (first === undefined || second === undefined) return [];
    const message = `The service "${name}" has ${paths.length} files for one template: ${paths.join(", ")}.`;
    return [{ message, hint: "Keep one of them." }];
  });
}
