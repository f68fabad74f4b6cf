// Generated from @aws-sdk/client-ecs by `npm run generate`: edit nothing here.

/** The values of each enum, by its name. */
export const enums: Readonly<Record<string, readonly string[]>> = {
 "AcceleratorManufacturer": [
  "amazon-web-services",
  "amd",
  "habana",
  "nvidia",
  "xilinx"
 ],
 "AcceleratorName": [
  "a100",
  "a10g",
  "h100",
  "inferentia",
  "k520",
  "k80",
  "m60",
  "radeon-pro-v520",
  "t4",
  "t4g",
  "v100",
  "vu9p"
 ],
 "AcceleratorType": [
  "fpga",
  "gpu",
  "inference"
 ],
 "AccessType": [
  "PRIVATE",
  "PUBLIC"
 ],
 "ApplicationProtocol": [
  "grpc",
  "http",
  "http2"
 ],
 "AssignPublicIp": [
  "DISABLED",
  "ENABLED"
 ],
 "AutoRepairActionsStatus": [
  "DISABLED",
  "ENABLED"
 ],
 "AvailabilityZoneRebalancing": [
  "DISABLED",
  "ENABLED"
 ],
 "BareMetal": [
  "excluded",
  "included",
  "required"
 ],
 "BurstablePerformance": [
  "excluded",
  "included",
  "required"
 ],
 "CPUArchitecture": [
  "ARM64",
  "X86_64"
 ],
 "CapacityOptionType": [
  "ON_DEMAND",
  "RESERVED",
  "SPOT"
 ],
 "CapacityProviderField": [
  "TAGS"
 ],
 "CapacityReservationPreference": [
  "RESERVATIONS_EXCLUDED",
  "RESERVATIONS_FIRST",
  "RESERVATIONS_ONLY"
 ],
 "ClusterField": [
  "ATTACHMENTS",
  "CONFIGURATIONS",
  "SETTINGS",
  "STATISTICS",
  "TAGS"
 ],
 "ClusterSettingName": [
  "containerInsights"
 ],
 "Compatibility": [
  "EC2",
  "EXTERNAL",
  "FARGATE",
  "MANAGED_INSTANCES"
 ],
 "ContainerCondition": [
  "COMPLETE",
  "HEALTHY",
  "START",
  "SUCCESS"
 ],
 "ContainerInstanceField": [
  "CONTAINER_INSTANCE_HEALTH",
  "TAGS"
 ],
 "ContainerInstanceStatus": [
  "ACTIVE",
  "DEREGISTERING",
  "DRAINING",
  "REGISTERING",
  "REGISTRATION_FAILED"
 ],
 "CpuManufacturer": [
  "amazon-web-services",
  "amd",
  "intel"
 ],
 "DeploymentControllerType": [
  "CODE_DEPLOY",
  "ECS",
  "EXTERNAL"
 ],
 "DeploymentLifecycleHookAction": [
  "CONTINUE",
  "ROLLBACK"
 ],
 "DeploymentLifecycleHookStage": [
  "POST_PRODUCTION_TRAFFIC_SHIFT",
  "POST_SCALE_UP",
  "POST_TEST_TRAFFIC_SHIFT",
  "PRE_PRODUCTION_TRAFFIC_SHIFT",
  "PRE_SCALE_UP",
  "PRODUCTION_TRAFFIC_SHIFT",
  "RECONCILE_SERVICE",
  "TEST_TRAFFIC_SHIFT"
 ],
 "DeploymentLifecycleHookTargetType": [
  "AWS_LAMBDA",
  "PAUSE"
 ],
 "DeploymentStrategy": [
  "BLUE_GREEN",
  "CANARY",
  "LINEAR",
  "ROLLING"
 ],
 "DesiredStatus": [
  "PENDING",
  "RUNNING",
  "STOPPED"
 ],
 "DeviceCgroupPermission": [
  "mknod",
  "read",
  "write"
 ],
 "EBSResourceType": [
  "volume"
 ],
 "EFSAuthorizationConfigIAM": [
  "DISABLED",
  "ENABLED"
 ],
 "EFSTransitEncryption": [
  "DISABLED",
  "ENABLED"
 ],
 "EnvironmentFileType": [
  "s3"
 ],
 "ExecuteCommandLogging": [
  "DEFAULT",
  "NONE",
  "OVERRIDE"
 ],
 "FirelensConfigurationType": [
  "fluentbit",
  "fluentd"
 ],
 "GatewayConnectorHealthCheckProtocol": [
  "HTTP",
  "HTTPS"
 ],
 "InstanceGeneration": [
  "current",
  "previous"
 ],
 "IpcMode": [
  "host",
  "none",
  "task"
 ],
 "LaunchType": [
  "EC2",
  "EXTERNAL",
  "FARGATE",
  "MANAGED_INSTANCES"
 ],
 "LocalStorage": [
  "excluded",
  "included",
  "required"
 ],
 "LocalStorageType": [
  "hdd",
  "ssd"
 ],
 "LogDriver": [
  "awsfirelens",
  "awslogs",
  "fluentd",
  "gelf",
  "journald",
  "json-file",
  "splunk",
  "syslog"
 ],
 "ManagedDraining": [
  "DISABLED",
  "ENABLED"
 ],
 "ManagedInstancesMonitoringOptions": [
  "BASIC",
  "DETAILED"
 ],
 "ManagedScalingStatus": [
  "DISABLED",
  "ENABLED"
 ],
 "ManagedTerminationProtection": [
  "DISABLED",
  "ENABLED"
 ],
 "NetworkMode": [
  "awsvpc",
  "bridge",
  "host",
  "none"
 ],
 "OSFamily": [
  "LINUX",
  "WINDOWS_SERVER_2004_CORE",
  "WINDOWS_SERVER_2016_FULL",
  "WINDOWS_SERVER_2019_CORE",
  "WINDOWS_SERVER_2019_FULL",
  "WINDOWS_SERVER_2022_CORE",
  "WINDOWS_SERVER_2022_FULL",
  "WINDOWS_SERVER_2025_CORE",
  "WINDOWS_SERVER_2025_FULL",
  "WINDOWS_SERVER_20H2_CORE"
 ],
 "PidMode": [
  "host",
  "task"
 ],
 "PlacementConstraintType": [
  "distinctInstance",
  "memberOf"
 ],
 "PlacementStrategyType": [
  "binpack",
  "random",
  "spread"
 ],
 "PropagateMITags": [
  "CAPACITY_PROVIDER",
  "NONE"
 ],
 "PropagateTags": [
  "NONE",
  "SERVICE",
  "TASK_DEFINITION"
 ],
 "ProxyConfigurationType": [
  "APPMESH"
 ],
 "ResourceManagementType": [
  "CUSTOMER",
  "ECS"
 ],
 "ResourceType": [
  "GPU",
  "InferenceAccelerator",
  "NeuronDevice"
 ],
 "ScaleUnit": [
  "PERCENT"
 ],
 "SchedulingStrategy": [
  "DAEMON",
  "REPLICA"
 ],
 "Scope": [
  "shared",
  "task"
 ],
 "ServiceConnectAccessLoggingFormat": [
  "JSON",
  "TEXT"
 ],
 "ServiceConnectIncludeQueryParameters": [
  "DISABLED",
  "ENABLED"
 ],
 "ServiceDeploymentStatus": [
  "IN_PROGRESS",
  "PENDING",
  "ROLLBACK_FAILED",
  "ROLLBACK_IN_PROGRESS",
  "ROLLBACK_REQUESTED",
  "ROLLBACK_SUCCESSFUL",
  "STOPPED",
  "STOP_REQUESTED",
  "SUCCESSFUL"
 ],
 "ServiceField": [
  "TAGS"
 ],
 "ServiceRevisionCleanup": [
  "BLOCKING",
  "DEFERRED"
 ],
 "SettingName": [
  "awsvpcTrunking",
  "containerInsights",
  "containerInstanceLongArnFormat",
  "defaultLogDriverMode",
  "fargateEventWindows",
  "fargateFIPSMode",
  "fargateTaskRetirementWaitPeriod",
  "guardDutyActivate",
  "serviceLongArnFormat",
  "tagResourceAuthorization",
  "taskLongArnFormat"
 ],
 "SortOrder": [
  "ASC",
  "DESC"
 ],
 "StopServiceDeploymentStopType": [
  "ABORT",
  "ROLLBACK"
 ],
 "TargetType": [
  "container-instance"
 ],
 "TaskDefinitionFamilyStatus": [
  "ACTIVE",
  "ALL",
  "INACTIVE"
 ],
 "TaskDefinitionField": [
  "TAGS"
 ],
 "TaskDefinitionPlacementConstraintType": [
  "memberOf"
 ],
 "TaskDefinitionStatus": [
  "ACTIVE",
  "DELETE_IN_PROGRESS",
  "INACTIVE"
 ],
 "TaskField": [
  "TAGS"
 ],
 "TaskFilesystemType": [
  "ext3",
  "ext4",
  "ntfs",
  "xfs"
 ],
 "TaskSetField": [
  "TAGS"
 ],
 "ThresholdType": [
  "BOUNDED_PERCENT",
  "COUNT",
  "UNBOUNDED_PERCENT"
 ],
 "TransportProtocol": [
  "tcp",
  "udp"
 ],
 "UlimitName": [
  "core",
  "cpu",
  "data",
  "fsize",
  "locks",
  "memlock",
  "msgqueue",
  "nice",
  "nofile",
  "nproc",
  "rss",
  "rtprio",
  "rttime",
  "sigpending",
  "stack"
 ],
 "VersionConsistency": [
  "disabled",
  "enabled"
 ]
};

/** The enum of each member of a structure that has one, itself or in its elements, by `Structure.member`. */
export const enumMembers: Readonly<Record<string, string>> = {
 "Attribute.targetType": "TargetType",
 "AutoRepairConfiguration.actionsStatus": "AutoRepairActionsStatus",
 "AutoScalingGroupProvider.managedDraining": "ManagedDraining",
 "AutoScalingGroupProvider.managedTerminationProtection": "ManagedTerminationProtection",
 "AutoScalingGroupProviderUpdate.managedDraining": "ManagedDraining",
 "AutoScalingGroupProviderUpdate.managedTerminationProtection": "ManagedTerminationProtection",
 "AwsVpcConfiguration.assignPublicIp": "AssignPublicIp",
 "CapacityReservationRequest.reservationPreference": "CapacityReservationPreference",
 "ClusterSetting.name": "ClusterSettingName",
 "ContainerDefinition.versionConsistency": "VersionConsistency",
 "ContainerDependency.condition": "ContainerCondition",
 "ContinueServiceDeploymentRequest.action": "DeploymentLifecycleHookAction",
 "CreateManagedInstancesProviderConfiguration.propagateTags": "PropagateMITags",
 "CreateServiceRequest.availabilityZoneRebalancing": "AvailabilityZoneRebalancing",
 "CreateServiceRequest.launchType": "LaunchType",
 "CreateServiceRequest.propagateTags": "PropagateTags",
 "CreateServiceRequest.schedulingStrategy": "SchedulingStrategy",
 "CreateTaskSetRequest.launchType": "LaunchType",
 "DeleteAccountSettingRequest.name": "SettingName",
 "DeploymentConfiguration.strategy": "DeploymentStrategy",
 "DeploymentController.type": "DeploymentControllerType",
 "DeploymentEarlySuccessCriteria.sourceServiceRevisionCleanup": "ServiceRevisionCleanup",
 "DeploymentLifecycleHook.lifecycleStages": "DeploymentLifecycleHookStage",
 "DeploymentLifecycleHook.targetType": "DeploymentLifecycleHookTargetType",
 "DeploymentLifecycleHookTimeoutConfiguration.action": "DeploymentLifecycleHookAction",
 "DescribeCapacityProvidersRequest.include": "CapacityProviderField",
 "DescribeClustersRequest.include": "ClusterField",
 "DescribeContainerInstancesRequest.include": "ContainerInstanceField",
 "DescribeServicesRequest.include": "ServiceField",
 "DescribeTaskDefinitionRequest.include": "TaskDefinitionField",
 "DescribeTaskSetsRequest.include": "TaskSetField",
 "DescribeTasksRequest.include": "TaskField",
 "Device.permissions": "DeviceCgroupPermission",
 "DockerVolumeConfiguration.scope": "Scope",
 "EBSTagSpecification.propagateTags": "PropagateTags",
 "EBSTagSpecification.resourceType": "EBSResourceType",
 "EFSAuthorizationConfig.iam": "EFSAuthorizationConfigIAM",
 "EFSVolumeConfiguration.transitEncryption": "EFSTransitEncryption",
 "EnvironmentFile.type": "EnvironmentFileType",
 "ExecuteCommandConfiguration.logging": "ExecuteCommandLogging",
 "FirelensConfiguration.type": "FirelensConfigurationType",
 "GatewayConnectorFilters.accessTypes": "AccessType",
 "GatewayConnectorHealthCheck.healthCheckProtocol": "GatewayConnectorHealthCheckProtocol",
 "InstanceLaunchTemplate.capacityOptionType": "CapacityOptionType",
 "InstanceLaunchTemplate.monitoring": "ManagedInstancesMonitoringOptions",
 "InstanceLaunchTemplateUpdate.monitoring": "ManagedInstancesMonitoringOptions",
 "InstanceRequirementsRequest.acceleratorManufacturers": "AcceleratorManufacturer",
 "InstanceRequirementsRequest.acceleratorNames": "AcceleratorName",
 "InstanceRequirementsRequest.acceleratorTypes": "AcceleratorType",
 "InstanceRequirementsRequest.bareMetal": "BareMetal",
 "InstanceRequirementsRequest.burstablePerformance": "BurstablePerformance",
 "InstanceRequirementsRequest.cpuManufacturers": "CpuManufacturer",
 "InstanceRequirementsRequest.instanceGenerations": "InstanceGeneration",
 "InstanceRequirementsRequest.localStorage": "LocalStorage",
 "InstanceRequirementsRequest.localStorageTypes": "LocalStorageType",
 "ListAccountSettingsRequest.name": "SettingName",
 "ListAttributesRequest.targetType": "TargetType",
 "ListContainerInstancesRequest.status": "ContainerInstanceStatus",
 "ListServiceDeploymentsRequest.status": "ServiceDeploymentStatus",
 "ListServicesRequest.launchType": "LaunchType",
 "ListServicesRequest.resourceManagementType": "ResourceManagementType",
 "ListServicesRequest.schedulingStrategy": "SchedulingStrategy",
 "ListTaskDefinitionFamiliesRequest.status": "TaskDefinitionFamilyStatus",
 "ListTaskDefinitionsRequest.sort": "SortOrder",
 "ListTaskDefinitionsRequest.status": "TaskDefinitionStatus",
 "ListTasksRequest.desiredStatus": "DesiredStatus",
 "ListTasksRequest.launchType": "LaunchType",
 "LogConfiguration.logDriver": "LogDriver",
 "ManagedScaling.status": "ManagedScalingStatus",
 "PlacementConstraint.type": "PlacementConstraintType",
 "PlacementStrategy.type": "PlacementStrategyType",
 "PortMapping.appProtocol": "ApplicationProtocol",
 "PortMapping.protocol": "TransportProtocol",
 "ProxyConfiguration.type": "ProxyConfigurationType",
 "PutAccountSettingDefaultRequest.name": "SettingName",
 "PutAccountSettingRequest.name": "SettingName",
 "RegisterTaskDefinitionRequest.ipcMode": "IpcMode",
 "RegisterTaskDefinitionRequest.networkMode": "NetworkMode",
 "RegisterTaskDefinitionRequest.pidMode": "PidMode",
 "RegisterTaskDefinitionRequest.requiresCompatibilities": "Compatibility",
 "ResourceRequirement.type": "ResourceType",
 "RunTaskRequest.launchType": "LaunchType",
 "RunTaskRequest.propagateTags": "PropagateTags",
 "RuntimePlatform.cpuArchitecture": "CPUArchitecture",
 "RuntimePlatform.operatingSystemFamily": "OSFamily",
 "Scale.unit": "ScaleUnit",
 "ServiceConnectAccessLogConfiguration.format": "ServiceConnectAccessLoggingFormat",
 "ServiceConnectAccessLogConfiguration.includeQueryParameters": "ServiceConnectIncludeQueryParameters",
 "ServiceManagedEBSVolumeConfiguration.filesystemType": "TaskFilesystemType",
 "StartTaskRequest.propagateTags": "PropagateTags",
 "StopServiceDeploymentRequest.stopType": "StopServiceDeploymentStopType",
 "TaskDefinitionPlacementConstraint.type": "TaskDefinitionPlacementConstraintType",
 "TaskManagedEBSVolumeConfiguration.filesystemType": "TaskFilesystemType",
 "ThresholdConfiguration.type": "ThresholdType",
 "Ulimit.name": "UlimitName",
 "UpdateContainerInstancesStateRequest.status": "ContainerInstanceStatus",
 "UpdateManagedInstancesProviderConfiguration.propagateTags": "PropagateMITags",
 "UpdateServiceRequest.availabilityZoneRebalancing": "AvailabilityZoneRebalancing",
 "UpdateServiceRequest.propagateTags": "PropagateTags"
};
