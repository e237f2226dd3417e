import type { Hsm } from '@zhanggui/hsm';
import { decodePosFrame, encodePosFrame, posMac, posMacInput, signInKeys, unionPayPos } from '@zhanggui/iso8583';
import { connect, FRAMINGS, type Link } from '@zhanggui/link';
import type { PosMessage } from '../pos.ts';
import { signInRequest } from './requests.ts';

const header = {
  applicationClass: '60',
  softwareVersion: '31',
  terminalStatus: '0',
  processingRequirement: '0',
  softwareSubVersion: '310000',
};
const tpdu = { id: '60', destination: '0003', source: '0000' };

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** A scripted terminal on a real connection: it signs in, signs its messages, and hands out answers in the order they come. */
export class TestTerminal {
  readonly terminalId: string;
  readonly #hsm: Hsm;
  readonly #tmk: string;
  readonly #link: Link;
  readonly #answers: Uint8Array[] = [];
  #arrived: () => void = () => undefined;
  /** Bytes of the answer handed out last. */
  #body: Uint8Array = new Uint8Array();

  constructor(options: { port: number; hsm: Hsm; terminalId: string; tmk: string }) {
    this.terminalId = options.terminalId;
    this.#hsm = options.hsm;
    this.#tmk = options.tmk;
    this.#link = connect({
      host: '127.0.0.1',
      port: options.port,
      framing: FRAMINGS.binary2,
      reconnect: { minMs: 10, maxMs: 10 },
      onFrame: (bytes) => this.#take(bytes),
    });
  }

  get isConnected(): boolean {
    return this.#link.state === 'connected';
  }

  sendBody(body: Uint8Array): void {
    this.#link.send(encodePosFrame({ tpdu, header, body }));
  }

  async nextAnswer(timeoutMs = 5000): Promise<PosMessage> {
    if (this.#answers.length === 0) {
      const arrival = new Promise<void>((resolve) => {
        this.#arrived = resolve;
      });
      await Promise.race([arrival, pause(timeoutMs)]);
    }
    const body = this.#answers.shift();
    if (!body) throw new Error('no answer came');
    this.#body = body;
    return unionPayPos.decode(body);
  }

  /** Sends a message, with its MAC unless it is a management one, and waits for the answer. */
  async request(message: PosMessage): Promise<PosMessage> {
    this.sendBody(message.mti.startsWith('08') ? unionPayPos.encode(message) : await this.signed(message));
    return this.nextAnswer();
  }

  async signed(message: PosMessage): Promise<Uint8Array> {
    const body = unionPayPos.encode({ mti: message.mti, fields: { ...message.fields, 64: new Uint8Array(8) } });
    const mac = await this.#hsm.mac({ key: this.#ref('tak'), algorithm: 'unionpay-ecb', data: posMacInput(body) });
    posMac(body).set(mac);
    return body;
  }

  /** Whether the answer handed out last carries a good MAC. */
  async isSigned(): Promise<boolean> {
    const [data, mac] = [posMacInput(this.#body), posMac(this.#body)];
    return this.#hsm.verifyMac({ key: this.#ref('tak'), algorithm: 'unionpay-ecb', data, mac });
  }

  async signIn(): Promise<PosMessage> {
    const answer = await this.request(signInRequest(this.terminalId));
    const { pin, mac } = signInKeys.decode(answer.fields[62] ?? new Uint8Array());
    const under = this.#tmk;
    await this.#hsm.importKey({
      ref: this.#ref('tpk'),
      use: 'tpk',
      under,
      cryptogram: pin.cryptogram,
      kcv: pin.checkValue,
    });
    await this.#hsm.importKey({
      ref: this.#ref('tak'),
      use: 'tak',
      under,
      cryptogram: mac.cryptogram,
      kcv: mac.checkValue,
    });
    return answer;
  }

  pinBlock(pin: string, pan: string): Promise<Uint8Array> {
    return this.#hsm.encryptPin({ key: this.#ref('tpk'), pin, pan });
  }

  close(): Promise<void> {
    return this.#link.close();
  }

  #ref(kind: 'tpk' | 'tak'): string {
    return `test.terminal.${this.terminalId}.${kind}`;
  }

  #take(bytes: Uint8Array): void {
    const frame = decodePosFrame(Uint8Array.from(bytes));
    if (frame.tpdu.destination !== tpdu.source || frame.tpdu.source !== tpdu.destination)
      throw new Error('the addresses of an answer are swapped');
    this.#answers.push(frame.body);
    this.#arrived();
  }
}
