import type { Command } from '../command.ts';
import { cardOperations } from './card-operations.ts';
import { chipOperations } from './chip-operations.ts';
import { cipherOperations } from './cipher-operations.ts';
import { dukptOperations } from './dukpt-operations.ts';
import { keyBlockOperations } from './key-block-operations.ts';
import { keyOperations } from './key-operations.ts';
import { macOperations } from './mac-operations.ts';
import { odaOperations } from './oda-operations.ts';
import { odaSmOperations } from './oda-sm-operations.ts';
import { commandOf } from './operation.ts';
import { pinOperations } from './pin-operations.ts';
import { scriptOperations } from './script-operations.ts';
import { smOperations } from './sm-operations.ts';

/** Every calculation of card-crypto from the shell. */
export const cryptoCommands: readonly Command[] = [
  ...macOperations,
  ...pinOperations,
  ...keyOperations,
  ...keyBlockOperations,
  ...dukptOperations,
  ...cardOperations,
  ...chipOperations,
  ...scriptOperations,
  ...odaOperations,
  ...odaSmOperations,
  ...cipherOperations,
  ...smOperations,
].map(commandOf);
