import type { ConnectionOptions, TlsOptions } from 'node:tls';

/** Mutual TLS: who this end is, and which authorities' certificates it takes from the other. PEM texts. */
export type TlsIdentity = {
  readonly key: string;
  readonly certificate: string;
  /** Certificates of the authorities, or the very certificates of the peers. */
  readonly authorities: readonly string[];
};

/** What the connecting end knows besides: the name that the other end's certificate must carry. */
export type TlsPeer = TlsIdentity & { readonly serverName: string };

const shared = ({ key, certificate, authorities }: TlsIdentity) => ({
  key,
  cert: certificate,
  ca: [...authorities],
  minVersion: 'TLSv1.2' as const,
  rejectUnauthorized: true,
});

export const listenerTls = (identity: TlsIdentity): TlsOptions => ({ ...shared(identity), requestCert: true });

export const peerTls = (peer: TlsPeer): ConnectionOptions => ({ ...shared(peer), servername: peer.serverName });
