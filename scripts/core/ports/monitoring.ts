/** A CloudWatch alarm as it stands. */
export interface Alarm {
  readonly name: string;
  readonly state: string;
}

/** What the deploy script asks of CloudWatch before a rollout. Every method throws AwsCallError. */
export interface MonitoringPort {
  /** Alarms by name, metric and composite ones; those that do not exist are left out. Any number. */
  alarms(names: readonly string[]): Promise<readonly Alarm[]>;
  /** Whether a log group exists in a region. */
  hasLogGroup(name: string, region: string): Promise<boolean>;
}
