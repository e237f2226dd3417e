import assert from 'node:assert/strict';
import { test } from 'node:test';
import { concat, fromAscii, fromHex, hex } from '@zhanggui/bytes';
import { arpc, arqc, emvSessionKey, emvUdk } from '@zhanggui/card-crypto';
import { encodeTlv } from '@zhanggui/tlv';
import fc from 'fast-check';
import { freshState, type IccProfile, type IccState, reset, respond, sealScriptCommand } from './index.ts';

const aid = 'A000000333010101';
const udkAc = emvUdk({ mdk: fromHex('F0C34A8124CEE0A91A0B034AA97D6EAC'), pan: '6225000000000014', psn: '01' });
const udkMac = fromHex('0123456789ABCDEFFEDCBA9876543210');

/** CDOL1: 9F02 9F03 9F1A 95 5F2A 9A 9C 9F37, CDOL2 8A 91: all this card asks for. */
const lists = '8C159F02069F03069F1A0295055F2A029A039C019F3704 8D048A02910A';
const profile: IccProfile = {
  sandbox: true,
  atr: '3B6500005A47534947',
  applications: [
    {
      aid,
      label: 'SANDBOX DEBIT',
      priority: 1,
      aip: '5C00',
      afl: '08010100',
      records: { '1.1': hex(encodeTlv([{ tag: '70', value: fromHex(lists) }])) },
      keyIndex: '01',
      udkAc: hex(udkAc),
      udkMac: hex(udkMac),
      issuerAuthentication: 'mandatory',
      offlineCeilingMinor: '0',
      offlinePin: '123456',
      pinTriesMax: 3,
    },
  ],
};

/** A card in hand: each command changes it. */
const insert = (made: IccProfile = profile) => {
  let state: IccState = freshState(made);
  return {
    send: (command: string): string => {
      const turn = respond(made, state, fromHex(command));
      state = turn.state;
      return hex(turn.response);
    },
    powerOn: () => {
      state = reset(made, state).state;
    },
    state: () => state,
  };
};

const selectCommand = `00A4040008${aid}00`;
const optionsCommand = '80A8000002830000';
const cdol1Data = '000000001250 000000000000 0156 0000048000 0156 261122 00 CAFEBABE'.replaceAll(' ', '');
const firstCommand = (type: string) => `80AE${type}001D${cdol1Data}00`;
const secondCommand = (arc: string, proof: string) => `80AE40000C${hex(fromAscii(arc))}${proof}00`;

const sessionKey = emvSessionKey({ udk: udkAc, atc: fromHex('0001') });
const proofFor = (request: string, arc = '00') =>
  hex(concat(arpc({ sessionKey, arqc: fromHex(request), arc }), fromAscii(arc)));

/** Until the card has given its request cryptogram, which is returned. */
const upToRequest = (card: ReturnType<typeof insert>): string => {
  card.send(selectCommand);
  card.send(optionsCommand);
  return card.send(firstCommand('80')).slice(10, 26);
};

test('the request cryptogram covers the terminal data, AIP, ATC and CVR', () => {
  const card = insert();
  card.send(selectCommand);
  card.send(optionsCommand);
  const answer = card.send(firstCommand('80'));
  assert.match(answer, /^8013800001[0-9A-F]{16}07010103A01000019000$/);
  const cvr = answer.slice(32, 40);
  assert.equal(cvr, '03A01000');
  const data = fromHex(`${cdol1Data}5C000001${cvr}`);
  assert.equal(answer.slice(10, 26), hex(arqc({ sessionKey, data })));
});

test('the issuer\u2019s proof turns a request into a certificate', () => {
  const card = insert();
  const request = upToRequest(card);
  assert.equal(card.send(`008200000A${proofFor(request)}`), '9000');
  assert.match(card.send(secondCommand('00', '00'.repeat(10))), /^80\w\w40/);
  assert.equal(card.state().memories[aid]?.lastOnlineAtc, 1);
});

test('a wrong proof is told to the terminal and ends in a refusal', () => {
  const card = insert();
  const request = upToRequest(card);
  assert.equal(card.send(`008200000A${proofFor(request, '05').slice(0, 16)}3030`), '6300');
  const answer = card.send(secondCommand('00', '00'.repeat(10)));
  assert.match(answer, /^80\w\w00/);
  assert.equal(answer.slice(32, 40), '03281000');
});

test('the proof may come in CDOL2 instead of a command', () => {
  const right = insert();
  assert.match(right.send(secondCommand('00', proofFor(upToRequest(right)))), /^80\w\w40/);
  const wrong = insert();
  upToRequest(wrong);
  assert.match(wrong.send(secondCommand('00', `0102030405060708${hex(fromAscii('00'))}`)), /^80\w\w00/);
});

test('an approval without proof is refused when the issuer made the proof mandatory', () => {
  const card = insert();
  upToRequest(card);
  assert.match(card.send(secondCommand('00', '00'.repeat(10))), /^80\w\w00/);
});

test('commands out of their order are refused', () => {
  const card = insert();
  assert.equal(card.send(firstCommand('80')), '6985');
  card.send(selectCommand);
  assert.equal(card.send(firstCommand('80')), '6985');
  assert.equal(card.send('008200000A00000000000000003030'), '6985');
  const request = upToRequest(card);
  assert.equal(card.send(optionsCommand), '6985');
  card.send(`008200000A${proofFor(request)}`);
  assert.equal(card.send(`008200000A${proofFor(request)}`), '6985');
});

test('a card that was pulled out mid-way tells so next time', () => {
  const card = insert();
  upToRequest(card);
  card.powerOn();
  card.send(selectCommand);
  card.send(optionsCommand);
  assert.equal(card.send(firstCommand('80')).slice(32, 40), '03A09000');
});

test('three wrong PINs block the PIN until the issuer unblocks it', () => {
  const card = insert();
  const request = upToRequest(card);
  assert.deepEqual(
    [1, 2, 3, 4].map(() => card.send('002000800826000000FFFFFFFF')),
    ['63C2', '63C1', '63C0', '6983'],
  );
  const order = { command: 'pin-unblock', udkMac, atc: fromHex('0001'), arqc: fromHex(request) } as const;
  const sealed = hex(sealScriptCommand(order));
  assert.equal(card.send(`${sealed.slice(0, -2)}00`), '6982');
  assert.equal(card.send(sealed), '9000');
  assert.equal(card.send('002000800826123456FFFFFFFF'), '9000');
});

test('a blocked application is selected with a warning, a blocked card not at all', () => {
  const card = insert();
  const request = upToRequest(card);
  const script = (command: 'application-block' | 'card-block') =>
    hex(sealScriptCommand({ command, udkMac, atc: fromHex('0001'), arqc: fromHex(request) }));
  assert.equal(card.send(script('application-block')), '9000');
  assert.equal(card.send(script('card-block')), '9000');
  assert.equal(card.send(selectCommand), '6A81');
  const blocked = { ...freshState(profile) };
  const memory = blocked.memories[aid];
  assert.ok(memory);
  const state = { ...blocked, memories: { [aid]: { ...memory, blocked: true } } };
  const selected = respond(profile, state, fromHex(selectCommand));
  assert.equal(hex(selected.response).slice(-4), '6283');
  assert.equal(hex(respond(profile, selected.state, fromHex(optionsCommand)).response), '6985');
});

test('a card is JSON: saved and read back, it goes on where it was', () => {
  const card = insert();
  upToRequest(card);
  assert.deepEqual(JSON.parse(JSON.stringify(card.state())), card.state());
});

test('whatever it is sent, a card answers with a status word and stays a card', () => {
  const arbitrary = fc.uint8Array({ maxLength: 40 }).map(hex);
  const header = fc
    .tuple(
      fc.constantFrom('00A404', '00B2', '80A8', '80CA', '0088', '0082', '0084', '0020', '80AE', '8416', '841E', '8424'),
      fc.uint8Array({ maxLength: 40 }),
    )
    .map(([start, rest]) => start + hex(rest));
  const wellFormed = fc.constantFrom(
    selectCommand,
    optionsCommand,
    firstCommand('80'),
    firstCommand('40'),
    secondCommand('Y3', '00'.repeat(10)),
    '00A404000E315041592E5359532E444446303100',
    '00B2010C00',
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(arbitrary, header, wellFormed), { maxLength: 30 }), (commands) => {
      const card = insert();
      for (const command of commands) {
        const answer = card.send(command);
        assert.match(answer.slice(-4), /^(9000|6\w{3})$/);
        assert.ok(answer.length <= 2 * 258);
        assert.deepEqual(Object.keys(card.state().memories), [aid]);
      }
    }),
    { numRuns: 500 },
  );
});
