// Generated from @aws-sdk/client-application-auto-scaling by `npm run generate`: edit nothing here.
import type { AwsModel } from "./model.ts";

export const autoScalingModel: AwsModel = {
 "structures": {
  "CustomizedMetricSpecification": {
   "fields": {
    "MetricName": "string",
    "Namespace": "string",
    "Dimensions": {
     "list": {
      "structure": "MetricDimension"
     }
    },
    "Statistic": {
     "enum": "MetricStatistic"
    },
    "Unit": "string",
    "Metrics": {
     "list": {
      "structure": "TargetTrackingMetricDataQuery"
     }
    }
   },
   "required": []
  },
  "MetricDimension": {
   "fields": {
    "Name": "string",
    "Value": "string"
   },
   "required": [
    "Name",
    "Value"
   ]
  },
  "PredefinedMetricSpecification": {
   "fields": {
    "PredefinedMetricType": {
     "enum": "MetricType"
    },
    "ResourceLabel": "string"
   },
   "required": [
    "PredefinedMetricType"
   ]
  },
  "PredictiveScalingCustomizedMetricSpecification": {
   "fields": {
    "MetricDataQueries": {
     "list": {
      "structure": "PredictiveScalingMetricDataQuery"
     }
    }
   },
   "required": [
    "MetricDataQueries"
   ]
  },
  "PredictiveScalingMetric": {
   "fields": {
    "Dimensions": {
     "list": {
      "structure": "PredictiveScalingMetricDimension"
     }
    },
    "MetricName": "string",
    "Namespace": "string"
   },
   "required": []
  },
  "PredictiveScalingMetricDataQuery": {
   "fields": {
    "Id": "string",
    "Expression": "string",
    "MetricStat": {
     "structure": "PredictiveScalingMetricStat"
    },
    "Label": "string",
    "ReturnData": "boolean"
   },
   "required": [
    "Id"
   ]
  },
  "PredictiveScalingMetricDimension": {
   "fields": {
    "Name": "string",
    "Value": "string"
   },
   "required": [
    "Name",
    "Value"
   ]
  },
  "PredictiveScalingMetricSpecification": {
   "fields": {
    "TargetValue": "number",
    "PredefinedMetricPairSpecification": {
     "structure": "PredictiveScalingPredefinedMetricPairSpecification"
    },
    "PredefinedScalingMetricSpecification": {
     "structure": "PredictiveScalingPredefinedScalingMetricSpecification"
    },
    "PredefinedLoadMetricSpecification": {
     "structure": "PredictiveScalingPredefinedLoadMetricSpecification"
    },
    "CustomizedScalingMetricSpecification": {
     "structure": "PredictiveScalingCustomizedMetricSpecification"
    },
    "CustomizedLoadMetricSpecification": {
     "structure": "PredictiveScalingCustomizedMetricSpecification"
    },
    "CustomizedCapacityMetricSpecification": {
     "structure": "PredictiveScalingCustomizedMetricSpecification"
    }
   },
   "required": [
    "TargetValue"
   ]
  },
  "PredictiveScalingMetricStat": {
   "fields": {
    "Metric": {
     "structure": "PredictiveScalingMetric"
    },
    "Stat": "string",
    "Unit": "string"
   },
   "required": [
    "Metric",
    "Stat"
   ]
  },
  "PredictiveScalingPolicyConfiguration": {
   "fields": {
    "MetricSpecifications": {
     "list": {
      "structure": "PredictiveScalingMetricSpecification"
     }
    },
    "Mode": {
     "enum": "PredictiveScalingMode"
    },
    "SchedulingBufferTime": "integer",
    "MaxCapacityBreachBehavior": {
     "enum": "PredictiveScalingMaxCapacityBreachBehavior"
    },
    "MaxCapacityBuffer": "integer"
   },
   "required": [
    "MetricSpecifications"
   ]
  },
  "PredictiveScalingPredefinedLoadMetricSpecification": {
   "fields": {
    "PredefinedMetricType": "string",
    "ResourceLabel": "string"
   },
   "required": [
    "PredefinedMetricType"
   ]
  },
  "PredictiveScalingPredefinedMetricPairSpecification": {
   "fields": {
    "PredefinedMetricType": "string",
    "ResourceLabel": "string"
   },
   "required": [
    "PredefinedMetricType"
   ]
  },
  "PredictiveScalingPredefinedScalingMetricSpecification": {
   "fields": {
    "PredefinedMetricType": "string",
    "ResourceLabel": "string"
   },
   "required": [
    "PredefinedMetricType"
   ]
  },
  "PutScalingPolicyRequest": {
   "fields": {
    "PolicyName": "string",
    "ServiceNamespace": {
     "enum": "ServiceNamespace"
    },
    "ResourceId": "string",
    "ScalableDimension": {
     "enum": "ScalableDimension"
    },
    "PolicyType": {
     "enum": "PolicyType"
    },
    "StepScalingPolicyConfiguration": {
     "structure": "StepScalingPolicyConfiguration"
    },
    "TargetTrackingScalingPolicyConfiguration": {
     "structure": "TargetTrackingScalingPolicyConfiguration"
    },
    "PredictiveScalingPolicyConfiguration": {
     "structure": "PredictiveScalingPolicyConfiguration"
    }
   },
   "required": [
    "PolicyName",
    "ServiceNamespace",
    "ResourceId",
    "ScalableDimension"
   ]
  },
  "PutScheduledActionRequest": {
   "fields": {
    "ServiceNamespace": {
     "enum": "ServiceNamespace"
    },
    "ScheduledActionName": "string",
    "ResourceId": "string",
    "ScalableDimension": {
     "enum": "ScalableDimension"
    },
    "Schedule": "string",
    "Timezone": "string",
    "StartTime": "time",
    "EndTime": "time",
    "ScalableTargetAction": {
     "structure": "ScalableTargetAction"
    }
   },
   "required": [
    "ServiceNamespace",
    "ScheduledActionName",
    "ResourceId",
    "ScalableDimension"
   ]
  },
  "RegisterScalableTargetRequest": {
   "fields": {
    "ServiceNamespace": {
     "enum": "ServiceNamespace"
    },
    "ResourceId": "string",
    "ScalableDimension": {
     "enum": "ScalableDimension"
    },
    "MinCapacity": "integer",
    "MaxCapacity": "integer",
    "RoleARN": "string",
    "SuspendedState": {
     "structure": "SuspendedState"
    },
    "Tags": {
     "map": "string"
    }
   },
   "required": [
    "ServiceNamespace",
    "ResourceId",
    "ScalableDimension"
   ]
  },
  "ScalableTargetAction": {
   "fields": {
    "MinCapacity": "integer",
    "MaxCapacity": "integer"
   },
   "required": []
  },
  "StepAdjustment": {
   "fields": {
    "ScalingAdjustment": "integer",
    "MetricIntervalLowerBound": "number",
    "MetricIntervalUpperBound": "number"
   },
   "required": [
    "ScalingAdjustment"
   ]
  },
  "StepScalingPolicyConfiguration": {
   "fields": {
    "AdjustmentType": {
     "enum": "AdjustmentType"
    },
    "StepAdjustments": {
     "list": {
      "structure": "StepAdjustment"
     }
    },
    "MinAdjustmentMagnitude": "integer",
    "Cooldown": "integer",
    "MetricAggregationType": {
     "enum": "MetricAggregationType"
    }
   },
   "required": []
  },
  "SuspendedState": {
   "fields": {
    "DynamicScalingInSuspended": "boolean",
    "DynamicScalingOutSuspended": "boolean",
    "ScheduledScalingSuspended": "boolean"
   },
   "required": []
  },
  "TargetTrackingMetric": {
   "fields": {
    "Dimensions": {
     "list": {
      "structure": "TargetTrackingMetricDimension"
     }
    },
    "MetricName": "string",
    "Namespace": "string"
   },
   "required": []
  },
  "TargetTrackingMetricDataQuery": {
   "fields": {
    "Id": "string",
    "Expression": "string",
    "Label": "string",
    "MetricStat": {
     "structure": "TargetTrackingMetricStat"
    },
    "ReturnData": "boolean"
   },
   "required": [
    "Id"
   ]
  },
  "TargetTrackingMetricDimension": {
   "fields": {
    "Name": "string",
    "Value": "string"
   },
   "required": [
    "Name",
    "Value"
   ]
  },
  "TargetTrackingMetricStat": {
   "fields": {
    "Metric": {
     "structure": "TargetTrackingMetric"
    },
    "Stat": "string",
    "Unit": "string"
   },
   "required": [
    "Metric",
    "Stat"
   ]
  },
  "TargetTrackingScalingPolicyConfiguration": {
   "fields": {
    "TargetValue": "number",
    "PredefinedMetricSpecification": {
     "structure": "PredefinedMetricSpecification"
    },
    "CustomizedMetricSpecification": {
     "structure": "CustomizedMetricSpecification"
    },
    "ScaleOutCooldown": "integer",
    "ScaleInCooldown": "integer",
    "DisableScaleIn": "boolean"
   },
   "required": [
    "TargetValue"
   ]
  }
 },
 "enums": {
  "AdjustmentType": [
   "ChangeInCapacity",
   "ExactCapacity",
   "PercentChangeInCapacity"
  ],
  "MetricAggregationType": [
   "Average",
   "Maximum",
   "Minimum"
  ],
  "MetricStatistic": [
   "Average",
   "Maximum",
   "Minimum",
   "SampleCount",
   "Sum"
  ],
  "MetricType": [
   "ALBRequestCountPerTarget",
   "AppStreamAverageCapacityUtilization",
   "CassandraReadCapacityUtilization",
   "CassandraWriteCapacityUtilization",
   "ComprehendInferenceUtilization",
   "DynamoDBReadCapacityUtilization",
   "DynamoDBWriteCapacityUtilization",
   "EC2SpotFleetRequestAverageCPUUtilization",
   "EC2SpotFleetRequestAverageNetworkIn",
   "EC2SpotFleetRequestAverageNetworkOut",
   "ECSServiceAverageCPUUtilization",
   "ECSServiceAverageCPUUtilizationHighResolution",
   "ECSServiceAverageMemoryUtilization",
   "ECSServiceAverageMemoryUtilizationHighResolution",
   "ElastiCacheDatabaseCapacityUsageCountedForEvictPercentage",
   "ElastiCacheDatabaseMemoryUsageCountedForEvictPercentage",
   "ElastiCacheDatabaseMemoryUsagePercentage",
   "ElastiCacheEngineCPUUtilization",
   "ElastiCachePrimaryEngineCPUUtilization",
   "ElastiCacheReplicaEngineCPUUtilization",
   "KafkaBrokerStorageUtilization",
   "LambdaProvisionedConcurrencyUtilization",
   "NeptuneReaderAverageCPUUtilization",
   "RDSReaderAverageCPUUtilization",
   "RDSReaderAverageDatabaseConnections",
   "SageMakerInferenceComponentConcurrentRequestsPerCopyHighResolution",
   "SageMakerInferenceComponentInvocationsPerCopy",
   "SageMakerVariantConcurrentRequestsPerModelHighResolution",
   "SageMakerVariantInvocationsPerInstance",
   "SageMakerVariantProvisionedConcurrencyUtilization",
   "WorkSpacesAverageUserSessionsCapacityUtilization"
  ],
  "PolicyType": [
   "PredictiveScaling",
   "StepScaling",
   "TargetTrackingScaling"
  ],
  "PredictiveScalingMaxCapacityBreachBehavior": [
   "HonorMaxCapacity",
   "IncreaseMaxCapacity"
  ],
  "PredictiveScalingMode": [
   "ForecastAndScale",
   "ForecastOnly"
  ],
  "ScalableDimension": [
   "appstream:fleet:DesiredCapacity",
   "cassandra:table:ReadCapacityUnits",
   "cassandra:table:WriteCapacityUnits",
   "comprehend:document-classifier-endpoint:DesiredInferenceUnits",
   "comprehend:entity-recognizer-endpoint:DesiredInferenceUnits",
   "custom-resource:ResourceType:Property",
   "dynamodb:index:ReadCapacityUnits",
   "dynamodb:index:WriteCapacityUnits",
   "dynamodb:table:ReadCapacityUnits",
   "dynamodb:table:WriteCapacityUnits",
   "ec2:spot-fleet-request:TargetCapacity",
   "ecs:service:DesiredCount",
   "elasticache:cache-cluster:Nodes",
   "elasticache:replication-group:NodeGroups",
   "elasticache:replication-group:Replicas",
   "elasticmapreduce:instancegroup:InstanceCount",
   "kafka:broker-storage:VolumeSize",
   "lambda:function:ProvisionedConcurrency",
   "neptune:cluster:ReadReplicaCount",
   "rds:cluster:ReadReplicaCount",
   "sagemaker:inference-component:DesiredCopyCount",
   "sagemaker:variant:DesiredInstanceCount",
   "sagemaker:variant:DesiredProvisionedConcurrency",
   "workspaces:workspacespool:DesiredUserSessions"
  ],
  "ServiceNamespace": [
   "appstream",
   "cassandra",
   "comprehend",
   "custom-resource",
   "dynamodb",
   "ec2",
   "ecs",
   "elasticache",
   "elasticmapreduce",
   "kafka",
   "lambda",
   "neptune",
   "rds",
   "sagemaker",
   "workspaces"
  ]
 },
 "readOnly": {
  "ScalableTarget": [
   "CreationTime",
   "PredictedCapacity",
   "ScalableTargetARN"
  ]
 }
};
