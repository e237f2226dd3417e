import { X509Certificate } from 'node:crypto';
import type { Engine } from '../engine/words.ts';
import { keptCertificate, keptIdentity, type RsaIdentity } from '../rsa-identity.ts';

/** What a developer of the merchant is given. */
export type UnionPayMerchant = Readonly<{
  merId: string;
  certificate: string;
  privateKey: string;
  /** Root and intermediate. */
  authorities: readonly string[];
  /** Whose certificate signs answers. */
  signer: string;
}>;
export type UnionPayKeys = Readonly<{
  merchant: UnionPayMerchant;
  merchantIdentity: RsaIdentity;
  certId: string;
  signer: RsaIdentity;
  /** With line ends as UnionPay sends it. */
  signerCertificate: string;
}>;

export const merId = '777290000000001';
const signerName = '掌柜沙箱银联';
const country = { country: 'CN', organisation: '掌柜沙箱' };

export const openUnionPayKeys = (engine: Engine): UnionPayKeys => {
  const root = {
    name: { ...country, commonName: 'Zhanggui sandbox UnionPay root' },
    identity: keptIdentity(engine, 'unionpay/root'),
  };
  const middle = {
    name: { ...country, commonName: 'Zhanggui sandbox UnionPay CA' },
    identity: keptIdentity(engine, 'unionpay/middle'),
  };
  const signer = keptIdentity(engine, 'unionpay/signer');
  const merchant = keptIdentity(engine, 'unionpay/merchant');
  const authority = { isAuthority: true };
  const rootPem = keptCertificate(engine, 'unionpay/root-certificate', {
    subject: root.name,
    of: root.identity,
    ...authority,
  });
  const middleOf = { subject: middle.name, of: middle.identity, by: root, ...authority };
  const middlePem = keptCertificate(engine, 'unionpay/middle-certificate', middleOf);
  const signerSubject = { ...country, commonName: `041@SANDBOX@${signerName}@00000001` };
  const signerPem = keptCertificate(engine, 'unionpay/signer-certificate', {
    subject: signerSubject,
    of: signer,
    by: middle,
  });
  const merchantSubject = { ...country, commonName: `041@${merId}@掌柜沙箱商店@00000002` };
  const merchantPem = keptCertificate(engine, 'unionpay/merchant-certificate', {
    subject: merchantSubject,
    of: merchant,
    by: middle,
  });
  return {
    merchantIdentity: merchant,
    certId: BigInt(`0x${new X509Certificate(merchantPem).serialNumber}`).toString(),
    signer,
    signerCertificate: signerPem.trim().replaceAll('\n', '\r\n'),
    merchant: {
      merId,
      certificate: merchantPem,
      privateKey: merchant.privatePem,
      authorities: [rootPem, middlePem],
      signer: signerName,
    },
  };
};
