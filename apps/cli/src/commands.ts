import { cardCommands } from './card-commands.ts';
import type { Command } from './command.ts';
import { cryptoCommands } from './crypto/crypto-commands.ts';
import { explainCommands } from './explain-commands.ts';
import { iso8583Commands } from './iso8583-commands.ts';
import { keyCommands } from './key-commands.ts';
import { tlvCommands } from './tlv-commands.ts';

/** Everything the command can do, in the order of its help. */
export const commands: readonly Command[] = [
  ...[...iso8583Commands, ...tlvCommands].sort((left, right) => left.name.localeCompare(right.name)),
  ...explainCommands,
  ...cryptoCommands,
  ...keyCommands,
  ...cardCommands,
];
