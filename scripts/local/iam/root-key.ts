/** The key that `./local env` prints, which is the account's root user where IAM is enforced. */
export const rootKey = { accessKeyId: "local", secretAccessKey: "local" } as const;
