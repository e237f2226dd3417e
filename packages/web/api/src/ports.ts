import type { CardSession, Terminal } from '@zhanggui/terminal';
import type { Hop, SandboxCardView, SandboxFault } from './contract.ts';

/** A terminal as the faces reach it. */
export type TerminalPort = Pick<
  Terminal,
  'id' | 'view' | 'onView' | 'command' | 'startSale' | 'saleStatus' | 'cancelSale' | 'onSale'
>;
export interface Terminals {
  get(terminalId: string): TerminalPort | undefined;
  all(): readonly TerminalPort[];
}

/** Where a card payment went; whoever runs the roles asks each of them. Hops in the order of their time. */
export interface Journeys {
  journey(payment: {
    requestId: string;
    terminalId: string;
    batch: string | null;
    stan: string | null;
    rrn: string | null;
  }): Promise<Hop[]>;
}

/** The test cards beside the terminal, and the ways to break the sandbox network. Absent outside the sandbox. */
export interface Sandbox {
  cards(): Promise<SandboxCardView[]>;
  /** The card ready for the slot; undefined when there is no such card or it has no chip. */
  chip(cardId: string): Promise<CardSession | undefined>;
  /** Track 2 of the stripe. */
  stripe(cardId: string): Promise<string | undefined>;
  faults(): Promise<SandboxFault[]>;
  /** False when there is no such fault. */
  setFault(id: string, active: boolean): Promise<boolean>;
}

/** Ready means every role can do its work; parts are named for the person who reads `/readyz`. */
export interface Readiness {
  read(): Promise<{ ready: boolean; parts: Record<string, boolean> }>;
}
