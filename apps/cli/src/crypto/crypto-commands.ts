import type { Command } from '../command.ts';
import { cardOperations } from './card-operations.ts';
import { keyOperations } from './key-operations.ts';
import { macOperations } from './mac-operations.ts';
import { commandOf } from './operation.ts';
import { pinOperations } from './pin-operations.ts';
import { smOperations } from './sm-operations.ts';

/** Every calculation of card-crypto from the shell. */
export const cryptoCommands: readonly Command[] = [
  ...macOperations,
  ...pinOperations,
  ...keyOperations,
  ...cardOperations,
  ...smOperations,
].map(commandOf);
