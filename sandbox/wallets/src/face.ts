/** A request as it came; `path` with its query, byte for byte what signatures cover. */
export type FaceRequest = Readonly<{
  method: string;
  path: string;
  headers: Headers;
  body: Uint8Array;
  /** SHA-256 of the client's certificate (hex), when it showed one in the TLS handshake. */
  peerCertificate?: string;
}>;
export type FaceAnswer = Readonly<{
  status: number;
  headers?: Readonly<Record<string, string>>;
  body?: string | Uint8Array;
}>;

/** One wallet, as its merchants see it over HTTP. `undefined`: not a path of this wallet. */
export interface Face {
  handle(request: FaceRequest): Promise<FaceAnswer | undefined>;
}
