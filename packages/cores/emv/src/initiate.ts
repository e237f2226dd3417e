/** Initiate application processing (EMV Book 3 §10.1): GET PROCESSING OPTIONS answers with AIP and AFL. */
import { fromHex } from '@zhanggui/bytes';
import { findTag } from '@zhanggui/tlv';
import { commands, dolData, transmit } from './apdu.ts';
import { trustsSm2 } from './authorities.ts';
import type { Steps } from './conversation.ts';
import type { KernelReason } from './reasons.ts';
import { chooseCandidate, type FinalSelection, listCandidates, selectFinally } from './select.ts';
import { CardFault, cardTlv, keep, type Session } from './session.ts';

const conditionsNotSatisfied = 0x6985;

/**
 * Selects and initiates; an application that refuses either leaves the list and the next one is tried. A chip that has
 * refused all it offered was read well, so its stripe is no way around it. Throws `CardFault`.
 */
export function* startApplication(session: Session): Steps<void> {
  let candidates = yield* listCandidates(session);
  let refusal: KernelReason = 'no-application';
  for (;;) {
    const [first, ...others] = candidates;
    if (!first) throw new CardFault(refusal, 'selection');
    const chosen = yield* chooseCandidate([first, ...others]);
    const selection = yield* selectFinally(session, chosen);
    if (selection.kind === 'selected' && (yield* initiate(session, selection))) return;
    refusal = selection.kind === 'blocked' ? 'application-blocked' : 'card-refused-command';
    candidates = candidates.filter((candidate) => candidate !== chosen);
  }
}

function* initiate(session: Session, { application, fci }: Selected): Steps<boolean> {
  session.data.set('9F09', fromHex(application.parameters.version));
  session.data.set('9F06', fromHex(application.name));
  session.data.set('DF69', Uint8Array.of(trustsSm2(session, application.name) ? 1 : 0));
  const pdolData = dolData(session, findTag(fci, '9F38'), 'PDOL');
  const { data, status } = yield* transmit(session, commands.getProcessingOptions(pdolData));
  if (status === conditionsNotSatisfied) return false;
  session.application = { parameters: application.parameters, label: application.label };
  if (status !== 0x9000) throw new CardFault('card-refused-command', 'GPO');
  session.pdolData = pdolData;
  keep(session, fci, 'SELECT');
  keepOptions(session, data);
  return true;
}

type Selected = Extract<FinalSelection, { kind: 'selected' }>;

/** Format 1 is AIP and AFL run together (80), format 2 is TLV (77). */
const keepOptions = (session: Session, data: Uint8Array): void => {
  const objects = cardTlv(data, 'GPO');
  const [template] = objects;
  if (template?.tag === '80' && template.value.length >= 2) {
    session.data.set('82', template.value.slice(0, 2));
    session.data.set('94', template.value.slice(2));
  } else if (template?.tag === '77') {
    keep(session, objects, 'GPO');
  } else {
    throw new CardFault('card-response-malformed', 'GPO');
  }
};
