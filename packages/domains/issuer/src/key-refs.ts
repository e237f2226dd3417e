/** References of the issuer's own keys in the security module. The keys of the network link belong to the link. */
export const issuerKeys = {
  /** PIN verification: natural PINs and offsets. */
  pinVerification: 'issuer.pvk',
  cardVerification: 'issuer.cvk',
  /** Master key of the chip cards' application cryptograms. */
  cryptogram: 'issuer.mdk',
  panHash: 'issuer.pan-hash',
  panData: 'issuer.pan-data',
} as const;
