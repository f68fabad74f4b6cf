/** Who holds a service's lock. */
export interface LockHolder {
  /** The id of the run. */
  readonly run: string;
  /** Who runs it, and where, as in `ana@build-7`. */
  readonly owner: string;
  /** What it does, as in `update nginx to nginx:1.27`. */
  readonly purpose: string;
  /** When it took the lock: ISO 8601. */
  readonly since: string;
}
