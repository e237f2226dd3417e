import * as tables from './bit-tables.ts';
import { verificationListMeanings, verificationResultMeanings } from './cardholder-verification.ts';
import { issuerDataMeanings } from './issuer-data.ts';
import { type Meaning, meaningsOf, type Rule } from './meaning.ts';
import { tagName } from './tags.ts';
import { parseDol, TlvError } from './tlv.ts';

type Explainer = (value: Uint8Array) => Meaning[] | undefined;

const bits =
  (rules: readonly Rule[], bytes: number): Explainer =>
  (value) =>
    value.length === bytes ? meaningsOf(rules, value) : undefined;

const verificationBits = bits(tables.verificationResults, 5);

const objectList: Explainer = (value) => {
  try {
    return parseDol(value).map(({ tag, length }) => ({
      place: tag,
      en: `${tagName(tag)?.en ?? 'not known'}, ${length} bytes`,
      zh: `${tagName(tag)?.zh ?? '未知'}，${length}字节`,
    }));
  } catch (error) {
    if (error instanceof TlvError) return undefined;
    throw error;
  }
};

/** Four bytes a file: its short identifier, first and last record, and how many of them are signed (EMV Book 3 §10.2). */
const fileLocator: Explainer = (value) => {
  if (value.length % 4 !== 0) return undefined;
  const files: Meaning[] = [];
  for (let at = 0; at < value.length; at += 4) {
    const [file = 0, first = 0, last = 0, signed = 0] = value.subarray(at, at + 4);
    files.push({
      place: `bytes ${at + 1}-${at + 4}`,
      en: `File ${file >> 3}, records ${first} to ${last}, ${signed} of them authenticated offline`,
      zh: `文件${file >> 3}，记录${first}至${last}，其中${signed}条参与脱机数据认证`,
    });
  }
  return files;
};

const explainers: Readonly<Record<string, Explainer>> = {
  '82': bits(tables.interchangeProfile, 2),
  '8C': objectList,
  '8D': objectList,
  '8E': verificationListMeanings,
  '94': fileLocator,
  '95': verificationBits,
  '97': objectList,
  '9B': bits(tables.statusInformation, 2),
  '9C': bits(tables.transactionType, 1),
  '9F07': bits(tables.usageControl, 2),
  '9F0D': verificationBits,
  '9F0E': verificationBits,
  '9F0F': verificationBits,
  '9F10': issuerDataMeanings,
  '9F27': bits(tables.cryptogramInformation, 1),
  '9F33': bits(tables.terminalCapabilities, 3),
  '9F34': verificationResultMeanings,
  '9F35': bits(tables.terminalType, 1),
  '9F38': objectList,
  '9F40': bits(tables.additionalCapabilities, 5),
  '9F49': objectList,
  '9F66': bits(tables.transactionQualifiers, 4),
  '9F6C': bits(tables.cardQualifiers, 2),
  DF11: verificationBits,
  DF12: verificationBits,
  DF13: verificationBits,
};

/**
 * What a value says, bit by bit or part by part: TVR, TSI, AIP, AUC, CVM list and results, TTQ, CTQ, IAD, capabilities,
 * action codes, object lists, file locator. Undefined for a tag with nothing to explain, or a value of another length.
 */
export const explainTag = (tag: string, value: Uint8Array): readonly Meaning[] | undefined => explainers[tag]?.(value);

/** The tags `explainTag` knows. */
export const EXPLAINED_TAGS: readonly string[] = Object.keys(explainers);
