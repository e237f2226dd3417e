/** An error of API v3: HTTP status, WeChat's code and text, and the number its `Request-ID` ends with. */
export type Refusal = Readonly<{ status: number; code: string; message: string; number: number; detail?: unknown }>;
