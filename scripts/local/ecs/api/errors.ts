/** An exception of AWS's own: it goes to the client as it is. */
export class AwsError extends Error {
  override readonly name = "AwsError";
  readonly type: string;
  readonly statusCode: number;

  constructor(type: string, message: string, statusCode = 400) {
    super(message);
    this.type = type;
    this.statusCode = statusCode;
  }
}

/** ClientException: something about the request itself. */
export const clientException = (message: string): AwsError => new AwsError("ClientException", message);

/** InvalidParameterException: a parameter's value does not fit. */
export const invalidParameter = (message: string): AwsError =>
  new AwsError("InvalidParameterException", message);
