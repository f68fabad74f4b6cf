// Generated from @aws-sdk/client-ecs by `npm run generate`: edit nothing here.
import type { AwsModel } from "./model.ts";

export const ecsModel: AwsModel = {
 "structures": {
  "AdvancedConfiguration": {
   "fields": {
    "alternateTargetGroupArn": "string",
    "productionListenerRule": "string",
    "testListenerRule": "string",
    "roleArn": "string"
   },
   "required": []
  },
  "AwsVpcConfiguration": {
   "fields": {
    "subnets": {
     "list": "string"
    },
    "securityGroups": {
     "list": "string"
    },
    "assignPublicIp": {
     "enum": "AssignPublicIp"
    }
   },
   "required": [
    "subnets"
   ]
  },
  "CanaryConfiguration": {
   "fields": {
    "canaryPercent": "number",
    "canaryBakeTimeInMinutes": "integer"
   },
   "required": []
  },
  "CapacityProviderStrategyItem": {
   "fields": {
    "capacityProvider": "string",
    "weight": "integer",
    "base": "integer"
   },
   "required": [
    "capacityProvider"
   ]
  },
  "ContainerDefinition": {
   "fields": {
    "name": "string",
    "image": "string",
    "repositoryCredentials": {
     "structure": "RepositoryCredentials"
    },
    "cpu": "integer",
    "memory": "integer",
    "memoryReservation": "integer",
    "links": {
     "list": "string"
    },
    "portMappings": {
     "list": {
      "structure": "PortMapping"
     }
    },
    "essential": "boolean",
    "restartPolicy": {
     "structure": "ContainerRestartPolicy"
    },
    "entryPoint": {
     "list": "string"
    },
    "command": {
     "list": "string"
    },
    "environment": {
     "list": {
      "structure": "KeyValuePair"
     }
    },
    "environmentFiles": {
     "list": {
      "structure": "EnvironmentFile"
     }
    },
    "mountPoints": {
     "list": {
      "structure": "MountPoint"
     }
    },
    "volumesFrom": {
     "list": {
      "structure": "VolumeFrom"
     }
    },
    "linuxParameters": {
     "structure": "LinuxParameters"
    },
    "secrets": {
     "list": {
      "structure": "Secret"
     }
    },
    "dependsOn": {
     "list": {
      "structure": "ContainerDependency"
     }
    },
    "startTimeout": "integer",
    "stopTimeout": "integer",
    "versionConsistency": {
     "enum": "VersionConsistency"
    },
    "hostname": "string",
    "user": "string",
    "workingDirectory": "string",
    "disableNetworking": "boolean",
    "privileged": "boolean",
    "readonlyRootFilesystem": "boolean",
    "dnsServers": {
     "list": "string"
    },
    "dnsSearchDomains": {
     "list": "string"
    },
    "extraHosts": {
     "list": {
      "structure": "HostEntry"
     }
    },
    "dockerSecurityOptions": {
     "list": "string"
    },
    "interactive": "boolean",
    "pseudoTerminal": "boolean",
    "dockerLabels": {
     "map": "string"
    },
    "ulimits": {
     "list": {
      "structure": "Ulimit"
     }
    },
    "logConfiguration": {
     "structure": "LogConfiguration"
    },
    "healthCheck": {
     "structure": "HealthCheck"
    },
    "systemControls": {
     "list": {
      "structure": "SystemControl"
     }
    },
    "resourceRequirements": {
     "list": {
      "structure": "ResourceRequirement"
     }
    },
    "firelensConfiguration": {
     "structure": "FirelensConfiguration"
    },
    "credentialSpecs": {
     "list": "string"
    }
   },
   "required": []
  },
  "ContainerDependency": {
   "fields": {
    "containerName": "string",
    "condition": {
     "enum": "ContainerCondition"
    }
   },
   "required": [
    "containerName",
    "condition"
   ]
  },
  "ContainerRestartPolicy": {
   "fields": {
    "enabled": "boolean",
    "ignoredExitCodes": {
     "list": "integer"
    },
    "restartAttemptPeriod": "integer"
   },
   "required": [
    "enabled"
   ]
  },
  "CreateServiceRequest": {
   "fields": {
    "serviceName": "string",
    "cluster": "string",
    "taskDefinition": "string",
    "availabilityZoneRebalancing": {
     "enum": "AvailabilityZoneRebalancing"
    },
    "loadBalancers": {
     "list": {
      "structure": "LoadBalancer"
     }
    },
    "serviceRegistries": {
     "list": {
      "structure": "ServiceRegistry"
     }
    },
    "desiredCount": "integer",
    "clientToken": "string",
    "launchType": {
     "enum": "LaunchType"
    },
    "capacityProviderStrategy": {
     "list": {
      "structure": "CapacityProviderStrategyItem"
     }
    },
    "platformVersion": "string",
    "role": "string",
    "deploymentConfiguration": {
     "structure": "DeploymentConfiguration"
    },
    "placementConstraints": {
     "list": {
      "structure": "PlacementConstraint"
     }
    },
    "placementStrategy": {
     "list": {
      "structure": "PlacementStrategy"
     }
    },
    "networkConfiguration": {
     "structure": "NetworkConfiguration"
    },
    "healthCheckGracePeriodSeconds": "integer",
    "schedulingStrategy": {
     "enum": "SchedulingStrategy"
    },
    "deploymentController": {
     "structure": "DeploymentController"
    },
    "tags": {
     "list": {
      "structure": "Tag"
     }
    },
    "enableECSManagedTags": "boolean",
    "propagateTags": {
     "enum": "PropagateTags"
    },
    "enableExecuteCommand": "boolean",
    "serviceConnectConfiguration": {
     "structure": "ServiceConnectConfiguration"
    },
    "volumeConfigurations": {
     "list": {
      "structure": "ServiceVolumeConfiguration"
     }
    },
    "vpcLatticeConfigurations": {
     "list": {
      "structure": "VpcLatticeConfiguration"
     }
    },
    "gatewayConnectors": {
     "list": {
      "structure": "GatewayConnector"
     }
    },
    "monitoring": {
     "structure": "MonitoringConfiguration"
    }
   },
   "required": [
    "serviceName"
   ]
  },
  "DeploymentAlarms": {
   "fields": {
    "alarmNames": {
     "list": "string"
    },
    "rollback": "boolean",
    "enable": "boolean"
   },
   "required": [
    "alarmNames",
    "rollback",
    "enable"
   ]
  },
  "DeploymentCircuitBreaker": {
   "fields": {
    "enable": "boolean",
    "rollback": "boolean",
    "resetOnHealthyTask": "boolean",
    "thresholdConfiguration": {
     "structure": "ThresholdConfiguration"
    }
   },
   "required": [
    "enable",
    "rollback"
   ]
  },
  "DeploymentConfiguration": {
   "fields": {
    "deploymentCircuitBreaker": {
     "structure": "DeploymentCircuitBreaker"
    },
    "maximumPercent": "integer",
    "minimumHealthyPercent": "integer",
    "alarms": {
     "structure": "DeploymentAlarms"
    },
    "strategy": {
     "enum": "DeploymentStrategy"
    },
    "bakeTimeInMinutes": "integer",
    "lifecycleHooks": {
     "list": {
      "structure": "DeploymentLifecycleHook"
     }
    },
    "linearConfiguration": {
     "structure": "LinearConfiguration"
    },
    "canaryConfiguration": {
     "structure": "CanaryConfiguration"
    },
    "earlySuccessCriteria": {
     "structure": "DeploymentEarlySuccessCriteria"
    }
   },
   "required": []
  },
  "DeploymentController": {
   "fields": {
    "type": {
     "enum": "DeploymentControllerType"
    }
   },
   "required": [
    "type"
   ]
  },
  "DeploymentEarlySuccessCriteria": {
   "fields": {
    "enable": "boolean",
    "healthyPercent": "integer",
    "sourceServiceRevisionCleanup": {
     "enum": "ServiceRevisionCleanup"
    }
   },
   "required": [
    "enable"
   ]
  },
  "DeploymentLifecycleHook": {
   "fields": {
    "targetType": {
     "enum": "DeploymentLifecycleHookTargetType"
    },
    "hookTargetArn": "string",
    "roleArn": "string",
    "lifecycleStages": {
     "list": {
      "enum": "DeploymentLifecycleHookStage"
     }
    },
    "hookDetails": "anything",
    "timeoutConfiguration": {
     "structure": "DeploymentLifecycleHookTimeoutConfiguration"
    }
   },
   "required": []
  },
  "DeploymentLifecycleHookTimeoutConfiguration": {
   "fields": {
    "timeoutInMinutes": "integer",
    "action": {
     "enum": "DeploymentLifecycleHookAction"
    }
   },
   "required": []
  },
  "Device": {
   "fields": {
    "hostPath": "string",
    "containerPath": "string",
    "permissions": {
     "list": {
      "enum": "DeviceCgroupPermission"
     }
    }
   },
   "required": [
    "hostPath"
   ]
  },
  "DockerVolumeConfiguration": {
   "fields": {
    "scope": {
     "enum": "Scope"
    },
    "autoprovision": "boolean",
    "driver": "string",
    "driverOpts": {
     "map": "string"
    },
    "labels": {
     "map": "string"
    }
   },
   "required": []
  },
  "EBSTagSpecification": {
   "fields": {
    "resourceType": {
     "enum": "EBSResourceType"
    },
    "tags": {
     "list": {
      "structure": "Tag"
     }
    },
    "propagateTags": {
     "enum": "PropagateTags"
    }
   },
   "required": [
    "resourceType"
   ]
  },
  "EFSAuthorizationConfig": {
   "fields": {
    "accessPointId": "string",
    "iam": {
     "enum": "EFSAuthorizationConfigIAM"
    }
   },
   "required": []
  },
  "EFSVolumeConfiguration": {
   "fields": {
    "fileSystemId": "string",
    "rootDirectory": "string",
    "transitEncryption": {
     "enum": "EFSTransitEncryption"
    },
    "transitEncryptionPort": "integer",
    "authorizationConfig": {
     "structure": "EFSAuthorizationConfig"
    }
   },
   "required": [
    "fileSystemId"
   ]
  },
  "EnvironmentFile": {
   "fields": {
    "value": "string",
    "type": {
     "enum": "EnvironmentFileType"
    }
   },
   "required": [
    "value",
    "type"
   ]
  },
  "EphemeralStorage": {
   "fields": {
    "sizeInGiB": "integer"
   },
   "required": [
    "sizeInGiB"
   ]
  },
  "FSxWindowsFileServerAuthorizationConfig": {
   "fields": {
    "credentialsParameter": "string",
    "domain": "string"
   },
   "required": [
    "credentialsParameter",
    "domain"
   ]
  },
  "FSxWindowsFileServerVolumeConfiguration": {
   "fields": {
    "fileSystemId": "string",
    "rootDirectory": "string",
    "authorizationConfig": {
     "structure": "FSxWindowsFileServerAuthorizationConfig"
    }
   },
   "required": [
    "fileSystemId",
    "rootDirectory",
    "authorizationConfig"
   ]
  },
  "FirelensConfiguration": {
   "fields": {
    "type": {
     "enum": "FirelensConfigurationType"
    },
    "options": {
     "map": "string"
    }
   },
   "required": [
    "type"
   ]
  },
  "GatewayConnector": {
   "fields": {
    "portName": "string",
    "healthCheck": {
     "structure": "GatewayConnectorHealthCheck"
    },
    "filters": {
     "structure": "GatewayConnectorFilters"
    }
   },
   "required": [
    "portName"
   ]
  },
  "GatewayConnectorFilters": {
   "fields": {
    "accessTypes": {
     "list": {
      "enum": "AccessType"
     }
    }
   },
   "required": []
  },
  "GatewayConnectorHealthCheck": {
   "fields": {
    "healthCheckProtocol": {
     "enum": "GatewayConnectorHealthCheckProtocol"
    },
    "healthCheckPort": "integer",
    "healthCheckPath": "string",
    "healthCheckTimeoutSeconds": "integer",
    "healthCheckIntervalSeconds": "integer",
    "healthyThresholdCount": "integer",
    "unhealthyThresholdCount": "integer",
    "matcher": {
     "structure": "GatewayConnectorHealthCheckMatcher"
    }
   },
   "required": []
  },
  "GatewayConnectorHealthCheckMatcher": {
   "fields": {
    "httpCode": "string",
    "grpcCode": "string"
   },
   "required": []
  },
  "HealthCheck": {
   "fields": {
    "command": {
     "list": "string"
    },
    "interval": "integer",
    "timeout": "integer",
    "retries": "integer",
    "startPeriod": "integer"
   },
   "required": [
    "command"
   ]
  },
  "HostEntry": {
   "fields": {
    "hostname": "string",
    "ipAddress": "string"
   },
   "required": [
    "hostname",
    "ipAddress"
   ]
  },
  "HostVolumeProperties": {
   "fields": {
    "sourcePath": "string"
   },
   "required": []
  },
  "InferenceAccelerator": {
   "fields": {
    "deviceName": "string",
    "deviceType": "string"
   },
   "required": [
    "deviceName",
    "deviceType"
   ]
  },
  "KernelCapabilities": {
   "fields": {
    "add": {
     "list": "string"
    },
    "drop": {
     "list": "string"
    }
   },
   "required": []
  },
  "KeyValuePair": {
   "fields": {
    "name": "string",
    "value": "string"
   },
   "required": []
  },
  "LinearConfiguration": {
   "fields": {
    "stepPercent": "number",
    "stepBakeTimeInMinutes": "integer"
   },
   "required": []
  },
  "LinuxParameters": {
   "fields": {
    "capabilities": {
     "structure": "KernelCapabilities"
    },
    "devices": {
     "list": {
      "structure": "Device"
     }
    },
    "initProcessEnabled": "boolean",
    "sharedMemorySize": "integer",
    "tmpfs": {
     "list": {
      "structure": "Tmpfs"
     }
    },
    "maxSwap": "integer",
    "swappiness": "integer"
   },
   "required": []
  },
  "LoadBalancer": {
   "fields": {
    "targetGroupArn": "string",
    "loadBalancerName": "string",
    "containerName": "string",
    "containerPort": "integer",
    "advancedConfiguration": {
     "structure": "AdvancedConfiguration"
    }
   },
   "required": []
  },
  "LogConfiguration": {
   "fields": {
    "logDriver": {
     "enum": "LogDriver"
    },
    "options": {
     "map": "string"
    },
    "secretOptions": {
     "list": {
      "structure": "Secret"
     }
    }
   },
   "required": [
    "logDriver"
   ]
  },
  "MetricConfiguration": {
   "fields": {
    "metricNames": {
     "list": "string"
    },
    "resolutionSeconds": "integer"
   },
   "required": [
    "metricNames",
    "resolutionSeconds"
   ]
  },
  "MonitoringConfiguration": {
   "fields": {
    "metricConfigurations": {
     "list": {
      "structure": "MetricConfiguration"
     }
    }
   },
   "required": []
  },
  "MountPoint": {
   "fields": {
    "sourceVolume": "string",
    "containerPath": "string",
    "readOnly": "boolean"
   },
   "required": []
  },
  "NetworkConfiguration": {
   "fields": {
    "awsvpcConfiguration": {
     "structure": "AwsVpcConfiguration"
    }
   },
   "required": []
  },
  "NvidiaMpsAllocation": {
   "fields": {
    "memory": "integer",
    "maxComputePercent": "integer"
   },
   "required": [
    "memory"
   ]
  },
  "PlacementConstraint": {
   "fields": {
    "type": {
     "enum": "PlacementConstraintType"
    },
    "expression": "string"
   },
   "required": []
  },
  "PlacementStrategy": {
   "fields": {
    "type": {
     "enum": "PlacementStrategyType"
    },
    "field": "string"
   },
   "required": []
  },
  "PortMapping": {
   "fields": {
    "containerPort": "integer",
    "hostPort": "integer",
    "protocol": {
     "enum": "TransportProtocol"
    },
    "name": "string",
    "appProtocol": {
     "enum": "ApplicationProtocol"
    },
    "containerPortRange": "string"
   },
   "required": []
  },
  "ProxyConfiguration": {
   "fields": {
    "containerName": "string",
    "type": {
     "enum": "ProxyConfigurationType"
    },
    "properties": {
     "list": {
      "structure": "KeyValuePair"
     }
    }
   },
   "required": [
    "containerName"
   ]
  },
  "RegisterTaskDefinitionRequest": {
   "fields": {
    "family": "string",
    "containerDefinitions": {
     "list": {
      "structure": "ContainerDefinition"
     }
    },
    "taskRoleArn": "string",
    "executionRoleArn": "string",
    "networkMode": {
     "enum": "NetworkMode"
    },
    "volumes": {
     "list": {
      "structure": "Volume"
     }
    },
    "placementConstraints": {
     "list": {
      "structure": "TaskDefinitionPlacementConstraint"
     }
    },
    "requiresCompatibilities": {
     "list": {
      "enum": "Compatibility"
     }
    },
    "cpu": "string",
    "memory": "string",
    "tags": {
     "list": {
      "structure": "Tag"
     }
    },
    "pidMode": {
     "enum": "PidMode"
    },
    "ipcMode": {
     "enum": "IpcMode"
    },
    "proxyConfiguration": {
     "structure": "ProxyConfiguration"
    },
    "inferenceAccelerators": {
     "list": {
      "structure": "InferenceAccelerator"
     }
    },
    "ephemeralStorage": {
     "structure": "EphemeralStorage"
    },
    "runtimePlatform": {
     "structure": "RuntimePlatform"
    },
    "enableFaultInjection": "boolean"
   },
   "required": [
    "family",
    "containerDefinitions"
   ]
  },
  "RepositoryCredentials": {
   "fields": {
    "credentialsParameter": "string"
   },
   "required": [
    "credentialsParameter"
   ]
  },
  "ResourceRequirement": {
   "fields": {
    "type": {
     "enum": "ResourceType"
    },
    "value": "string",
    "sharingStrategy": {
     "structure": "SharingStrategy"
    }
   },
   "required": [
    "type"
   ]
  },
  "RuntimePlatform": {
   "fields": {
    "cpuArchitecture": {
     "enum": "CPUArchitecture"
    },
    "operatingSystemFamily": {
     "enum": "OSFamily"
    }
   },
   "required": []
  },
  "S3FilesVolumeConfiguration": {
   "fields": {
    "fileSystemArn": "string",
    "rootDirectory": "string",
    "transitEncryptionPort": "integer",
    "accessPointArn": "string"
   },
   "required": [
    "fileSystemArn"
   ]
  },
  "Secret": {
   "fields": {
    "name": "string",
    "valueFrom": "string"
   },
   "required": [
    "name",
    "valueFrom"
   ]
  },
  "ServiceConnectAccessLogConfiguration": {
   "fields": {
    "format": {
     "enum": "ServiceConnectAccessLoggingFormat"
    },
    "includeQueryParameters": {
     "enum": "ServiceConnectIncludeQueryParameters"
    }
   },
   "required": [
    "format"
   ]
  },
  "ServiceConnectClientAlias": {
   "fields": {
    "port": "integer",
    "dnsName": "string",
    "testTrafficRules": {
     "structure": "ServiceConnectTestTrafficRules"
    }
   },
   "required": [
    "port"
   ]
  },
  "ServiceConnectConfiguration": {
   "fields": {
    "enabled": "boolean",
    "namespace": "string",
    "services": {
     "list": {
      "structure": "ServiceConnectService"
     }
    },
    "logConfiguration": {
     "structure": "LogConfiguration"
    },
    "accessLogConfiguration": {
     "structure": "ServiceConnectAccessLogConfiguration"
    },
    "containerConfigurations": {
     "list": {
      "structure": "ServiceConnectContainerConfiguration"
     }
    }
   },
   "required": [
    "enabled"
   ]
  },
  "ServiceConnectContainerConfiguration": {
   "fields": {
    "logLevel": "string"
   },
   "required": [],
   "union": true
  },
  "ServiceConnectService": {
   "fields": {
    "portName": "string",
    "discoveryName": "string",
    "clientAliases": {
     "list": {
      "structure": "ServiceConnectClientAlias"
     }
    },
    "ingressPortOverride": "integer",
    "timeout": {
     "structure": "TimeoutConfiguration"
    },
    "tls": {
     "structure": "ServiceConnectTlsConfiguration"
    }
   },
   "required": [
    "portName"
   ]
  },
  "ServiceConnectTestTrafficHeaderMatchRules": {
   "fields": {
    "exact": "string"
   },
   "required": [
    "exact"
   ]
  },
  "ServiceConnectTestTrafficHeaderRules": {
   "fields": {
    "name": "string",
    "value": {
     "structure": "ServiceConnectTestTrafficHeaderMatchRules"
    }
   },
   "required": [
    "name"
   ]
  },
  "ServiceConnectTestTrafficRules": {
   "fields": {
    "header": {
     "structure": "ServiceConnectTestTrafficHeaderRules"
    }
   },
   "required": [
    "header"
   ]
  },
  "ServiceConnectTlsCertificateAuthority": {
   "fields": {
    "awsPcaAuthorityArn": "string"
   },
   "required": []
  },
  "ServiceConnectTlsConfiguration": {
   "fields": {
    "issuerCertificateAuthority": {
     "structure": "ServiceConnectTlsCertificateAuthority"
    },
    "kmsKey": "string",
    "roleArn": "string"
   },
   "required": [
    "issuerCertificateAuthority"
   ]
  },
  "ServiceManagedEBSVolumeConfiguration": {
   "fields": {
    "roleArn": "string",
    "encrypted": "boolean",
    "kmsKeyId": "string",
    "volumeType": "string",
    "sizeInGiB": "integer",
    "snapshotId": "string",
    "volumeInitializationRate": "integer",
    "iops": "integer",
    "throughput": "integer",
    "tagSpecifications": {
     "list": {
      "structure": "EBSTagSpecification"
     }
    },
    "filesystemType": {
     "enum": "TaskFilesystemType"
    }
   },
   "required": [
    "roleArn"
   ]
  },
  "ServiceRegistry": {
   "fields": {
    "registryArn": "string",
    "port": "integer",
    "containerName": "string",
    "containerPort": "integer"
   },
   "required": []
  },
  "ServiceVolumeConfiguration": {
   "fields": {
    "name": "string",
    "managedEBSVolume": {
     "structure": "ServiceManagedEBSVolumeConfiguration"
    }
   },
   "required": [
    "name"
   ]
  },
  "SharingStrategy": {
   "fields": {
    "nvidiaMps": {
     "structure": "NvidiaMpsAllocation"
    }
   },
   "required": [],
   "union": true
  },
  "SystemControl": {
   "fields": {
    "namespace": "string",
    "value": "string"
   },
   "required": []
  },
  "Tag": {
   "fields": {
    "key": "string",
    "value": "string"
   },
   "required": []
  },
  "TaskDefinitionPlacementConstraint": {
   "fields": {
    "type": {
     "enum": "TaskDefinitionPlacementConstraintType"
    },
    "expression": "string"
   },
   "required": []
  },
  "ThresholdConfiguration": {
   "fields": {
    "type": {
     "enum": "ThresholdType"
    },
    "value": "integer"
   },
   "required": [
    "type",
    "value"
   ]
  },
  "TimeoutConfiguration": {
   "fields": {
    "idleTimeoutSeconds": "integer",
    "perRequestTimeoutSeconds": "integer"
   },
   "required": []
  },
  "Tmpfs": {
   "fields": {
    "containerPath": "string",
    "size": "integer",
    "mountOptions": {
     "list": "string"
    }
   },
   "required": [
    "containerPath",
    "size"
   ]
  },
  "Ulimit": {
   "fields": {
    "name": {
     "enum": "UlimitName"
    },
    "softLimit": "integer",
    "hardLimit": "integer"
   },
   "required": [
    "name",
    "softLimit",
    "hardLimit"
   ]
  },
  "UpdateServiceRequest": {
   "fields": {
    "service": "string",
    "cluster": "string",
    "desiredCount": "integer",
    "taskDefinition": "string",
    "capacityProviderStrategy": {
     "list": {
      "structure": "CapacityProviderStrategyItem"
     }
    },
    "deploymentConfiguration": {
     "structure": "DeploymentConfiguration"
    },
    "availabilityZoneRebalancing": {
     "enum": "AvailabilityZoneRebalancing"
    },
    "networkConfiguration": {
     "structure": "NetworkConfiguration"
    },
    "placementConstraints": {
     "list": {
      "structure": "PlacementConstraint"
     }
    },
    "placementStrategy": {
     "list": {
      "structure": "PlacementStrategy"
     }
    },
    "platformVersion": "string",
    "forceNewDeployment": "boolean",
    "healthCheckGracePeriodSeconds": "integer",
    "deploymentController": {
     "structure": "DeploymentController"
    },
    "enableExecuteCommand": "boolean",
    "enableECSManagedTags": "boolean",
    "loadBalancers": {
     "list": {
      "structure": "LoadBalancer"
     }
    },
    "propagateTags": {
     "enum": "PropagateTags"
    },
    "serviceRegistries": {
     "list": {
      "structure": "ServiceRegistry"
     }
    },
    "serviceConnectConfiguration": {
     "structure": "ServiceConnectConfiguration"
    },
    "volumeConfigurations": {
     "list": {
      "structure": "ServiceVolumeConfiguration"
     }
    },
    "vpcLatticeConfigurations": {
     "list": {
      "structure": "VpcLatticeConfiguration"
     }
    },
    "gatewayConnectors": {
     "list": {
      "structure": "GatewayConnector"
     }
    },
    "monitoring": {
     "structure": "MonitoringConfiguration"
    }
   },
   "required": [
    "service"
   ]
  },
  "Volume": {
   "fields": {
    "name": "string",
    "host": {
     "structure": "HostVolumeProperties"
    },
    "dockerVolumeConfiguration": {
     "structure": "DockerVolumeConfiguration"
    },
    "efsVolumeConfiguration": {
     "structure": "EFSVolumeConfiguration"
    },
    "s3filesVolumeConfiguration": {
     "structure": "S3FilesVolumeConfiguration"
    },
    "fsxWindowsFileServerVolumeConfiguration": {
     "structure": "FSxWindowsFileServerVolumeConfiguration"
    },
    "configuredAtLaunch": "boolean"
   },
   "required": []
  },
  "VolumeFrom": {
   "fields": {
    "sourceContainer": "string",
    "readOnly": "boolean"
   },
   "required": []
  },
  "VpcLatticeAdvancedConfiguration": {
   "fields": {
    "alternateTargetGroupArn": "string",
    "productionListenerRule": "string",
    "testListenerRule": "string"
   },
   "required": []
  },
  "VpcLatticeConfiguration": {
   "fields": {
    "roleArn": "string",
    "targetGroupArn": "string",
    "portName": "string",
    "advancedConfiguration": {
     "structure": "VpcLatticeAdvancedConfiguration"
    }
   },
   "required": [
    "roleArn",
    "targetGroupArn",
    "portName"
   ]
  }
 },
 "enums": {
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
  "AvailabilityZoneRebalancing": [
   "DISABLED",
   "ENABLED"
  ],
  "CPUArchitecture": [
   "ARM64",
   "X86_64"
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
  "FirelensConfigurationType": [
   "fluentbit",
   "fluentd"
  ],
  "GatewayConnectorHealthCheckProtocol": [
   "HTTP",
   "HTTPS"
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
  "PropagateTags": [
   "NONE",
   "SERVICE",
   "TASK_DEFINITION"
  ],
  "ProxyConfigurationType": [
   "APPMESH"
  ],
  "ResourceType": [
   "GPU",
   "InferenceAccelerator",
   "NeuronDevice"
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
  "ServiceRevisionCleanup": [
   "BLOCKING",
   "DEFERRED"
  ],
  "TaskDefinitionPlacementConstraintType": [
   "memberOf"
  ],
  "TaskFilesystemType": [
   "ext3",
   "ext4",
   "ntfs",
   "xfs"
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
 },
 "readOnly": {
  "TaskDefinition": [
   "taskDefinitionArn",
   "revision",
   "status",
   "requiresAttributes",
   "compatibilities",
   "registeredAt",
   "deregisteredAt",
   "deleteRequestedAt",
   "registeredBy"
  ],
  "Service": [
   "serviceArn",
   "clusterArn",
   "status",
   "runningCount",
   "pendingCount",
   "platformFamily",
   "taskSets",
   "deployments",
   "roleArn",
   "events",
   "createdAt",
   "currentServiceDeployment",
   "currentServiceRevisions",
   "createdBy",
   "resourceManagementType"
  ]
 }
};
