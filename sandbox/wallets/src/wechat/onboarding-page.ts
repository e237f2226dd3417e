import type { Face } from '../face.ts';
import { type ApplymentAct, actsFitting, applymentActs, openOnboarding } from './onboarding.ts';
import { type KeptApplyment, stateTexts } from './onboarding-words.ts';
import type { Room } from './room.ts';

const pagePath = /^\/sandbox\/wechat\/applyments\/(\d+)$/;
const actTitles: Readonly<Record<ApplymentAct, string>> = {
  audit: '审核通过 Pass the audit',
  reject: '驳回 Reject',
  confirm: '账户验证完成 The account is verified',
  sign: '签约 Sign the contract',
  open: '开通权限 Open the account',
  cancel: '作废 Cancel',
};

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');

const page = (one: KeptApplyment): string => `<!doctype html>
<html lang="zh"><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>进件 ${one.applymentId}</title>
<style>body{font:1.1rem/1.6 system-ui;margin:1.5rem auto;max-width:26rem;padding:0 1rem}button{display:block;width:100%;padding:.8rem;margin:.5rem 0;font:inherit}</style>
<h1>${escaped(one.shortname)}</h1>
<p>${one.applymentId} · ${stateTexts[one.state]} ${one.state}${one.subMchid === undefined ? '' : ` · ${one.subMchid}`}</p>
<form method="post">${actsFitting(one.state)
  .map((act) => `<button name="act" value="${act}">${actTitles[act]}</button>`)
  .join('')}</form></html>`;

const html = (status: number, body: string) => ({
  status,
  headers: { 'Content-Type': 'text/html; charset=utf-8', 'Cache-Control': 'no-store' },
  body,
});

const isAct = (text: string | null): text is ApplymentAct => applymentActs.some((act) => act === text);

/** The page an application's sign_url leads to: the auditor's, the bank's and the administrator's parts, by hand. */
export const onboardingPage = (room: Room): Face => {
  const onboarding = openOnboarding(room);
  return {
    handle: (request) => {
      const applymentId = pagePath.exec(request.path.split('?')[0] ?? '')?.[1];
      if (applymentId === undefined) return Promise.resolve(undefined);
      const act = new URLSearchParams(Buffer.from(request.body).toString()).get('act');
      if (request.method === 'POST' && isAct(act)) onboarding.act(applymentId, act);
      const one = onboarding.byId(applymentId);
      return Promise.resolve(one ? html(200, page(one)) : html(404, '没有这张申请单 No such application'));
    },
  };
};
