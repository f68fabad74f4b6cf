/** A task definition of a Fargate task with one container, which listens on port 80. */
export function fargateDefinition(family: string, container: string, image: string) {
  return {
    family,
    requiresCompatibilities: ["FARGATE"],
    networkMode: "awsvpc",
    cpu: "256",
    memory: "512",
    containerDefinitions: [
      { name: container, image, essential: true, portMappings: [{ containerPort: 80 }] },
    ],
  };
}
