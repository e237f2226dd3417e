export { AesKey, type AesKeyInput, aesKey } from './aes.ts';
export { type CardValueInput, cvv, cvv2, dcvv, icvv } from './card-value.ts';
export { aesCmac, sm4Cmac, tdesCmac } from './cmac.ts';
export { CryptoError, type CryptoErrorCode } from './crypto-error.ts';
export {
  arpc,
  arpcMethod2,
  arqc,
  type CardKeyOption,
  emvCommonSessionKey,
  emvSessionKey,
  emvUdk,
  mchipSessionKey,
  visaMessagingKey,
} from './cryptogram.ts';
export {
  applicationCryptogram,
  type ChipValues,
  type CryptogramProfileName,
  cryptogramData,
  cryptogramProfileNames,
  type IssuerAnswer,
  issuerAuthenticationData,
  profileCardKey,
} from './cryptogram-profile.ts';
export { sm4Arpc, sm4Arqc, sm4CardKey, sm4SessionKey } from './cryptogram-sm4.ts';
export { DesKey, type DesKeyInput, desKey } from './des.ts';
export {
  AesDukptDevice,
  type AesDukptKind,
  type AesDukptUse,
  aesDukptInitialKey,
  aesDukptKinds,
  aesDukptTransactionKey,
  aesDukptUpdateKey,
  aesDukptUses,
  aesDukptWorkingKey,
} from './dukpt-aes.ts';
export {
  TdesDukptDevice,
  type TdesDukptUse,
  tdesDukptInitialKey,
  tdesDukptTransactionKey,
  tdesDukptWorkingKey,
} from './dukpt-tdes.ts';
export {
  openIssuerScript,
  type ScriptSecurity,
  type ScriptStyle,
  sealIssuerScript,
  visPinBlock,
} from './issuer-script.ts';
export {
  type KeyBlock,
  type KeyBlockVersion,
  keyBlockFillBytes,
  unwrapKeyBlock,
  wrapKeyBlock,
} from './key-block.ts';
export type { KeyBlockHeader, KeyBlockOption } from './key-block-header.ts';
export {
  adjustParity,
  aesCmacKcv,
  aesKcv,
  desEcbDecrypt,
  desEcbEncrypt,
  kcv,
  sm4CmacKcv,
  tdesCmacKcv,
} from './keys.ts';
export { cbcMac, interchangeMac, type MacPadding, unionPayEcbMac, x99Mac, x919Mac, xorMac } from './mac.ts';
export * from './oda.ts';
export * from './oda-sm.ts';
export { type PinBlock, type PinBlockRequest, pinBlockDecode, pinBlockEncode } from './pin-block.ts';
export { pinBlock4Decrypt, pinBlock4Encrypt } from './pin-block-4.ts';
export { type Ibm3624Rule, ibm3624NaturalPin, ibm3624Offset, ibm3624Pin, pvv, usualIbm3624Rule } from './pin-check.ts';
export {
  interchangeSm4Mac,
  sm4CbcMac,
  sm4PinBlockDecode,
  sm4PinBlockEncode,
  unionPaySm4Mac,
} from './sm-pos.ts';
export { sm2Decrypt, sm2Encrypt, sm2NumberFrom, sm2PublicKey, sm2Sign, sm2Verify, usualSm2Identity } from './sm2.ts';
export {
  sm2CipherFromDer,
  sm2CipherToDer,
  sm2NumberFromPkcs8,
  sm2PointFromSpki,
  sm2PointToSpki,
  sm2SignatureFromDer,
  sm2SignatureToDer,
} from './sm2-der.ts';
export { sm3, sm3Hmac } from './sm3.ts';
export { Sm4Key, type Sm4KeyInput, type Sm4Mode, sm4EcbDecrypt, sm4EcbEncrypt, sm4Kcv, sm4Key } from './sm4.ts';
export { decryptTrack, encryptTrack, trackBlockOf } from './track.ts';
export { type CertificateContent, type CertificateName, keySigner, x509Certificate } from './x509.ts';
