import { renderSVG } from 'uqr';
import type { Bilingual } from './contract.ts';

export type WebFace = 'till' | 'terminal' | 'office' | 'phone';
/** A sandbox log-in to show beside a face's door. */
export type LogIn = Readonly<{ face: WebFace; text: Bilingual }>;

const doors = {
  till: { zh: '收银台', en: 'Till', hint: { zh: '扫码、收款、交班', en: 'Scan goods, take payment, close the shift' } },
  terminal: {
    zh: '刷卡终端',
    en: 'Terminal',
    hint: { zh: '插卡、刷卡、输密码', en: 'Insert or swipe a card, enter the PIN' },
  },
  office: { zh: '后台', en: 'Office', hint: { zh: '今日、销售、商品、支付', en: 'Today, sales, goods, payments' } },
  phone: {
    zh: '顾客手机',
    en: 'Phone',
    hint: { zh: '沙箱钱包：扫一扫、付款码', en: 'Sandbox wallets: scan, or show a pay code' },
  },
} as const satisfies Record<WebFace, Bilingual & { hint: Bilingual }>;

const style = `
  :root { color-scheme: light dark; --ink: #1c2430; --paper: #faf8f4; --card: #fff; --line: #ddd6c9; --quiet: #5b6472; --indigo: #2b4c7e; --seal: #b3342d }
  @media (prefers-color-scheme: dark) { :root { --ink: #e8e6e1; --paper: #14181f; --card: #1c222b; --line: #333b47; --quiet: #a9b0bb; --indigo: #8fb0de; --seal: #d8574f } }
  * { box-sizing: border-box }
  body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 24px; background: var(--paper); color: var(--ink);
    font: 16px/1.55 system-ui, "PingFang SC", "HarmonyOS Sans SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif }
  main { width: min(960px, 100%) }
  header { display: flex; align-items: center; gap: 16px; margin-bottom: 32px }
  .seal { width: 56px; height: 56px; border-radius: 8px; background: var(--seal); color: #fff; display: grid; place-items: center; font-size: 24px; font-weight: 700; line-height: 1 }
  h1 { margin: 0; font-size: 32px; line-height: 1.2 }
  p { margin: 0; color: var(--quiet) }
  nav { display: grid; gap: 16px; grid-template-columns: repeat(auto-fit, minmax(min(100%, 400px), 1fr)) }
  a { display: block; padding: 24px; border: 1px solid var(--line); border-radius: 8px; background: var(--card); color: inherit; text-decoration: none }
  a:hover, a:focus-visible { border-color: var(--indigo); outline: 2px solid var(--indigo); outline-offset: 0 }
  h2 { margin: 0 0 8px; font-size: 24px; line-height: 1.3; color: var(--indigo) }
  .sandbox { margin-top: 24px }
  .real { display: flex; flex-wrap: wrap; align-items: center; gap: 16px 24px; margin-top: 24px }
  .real p { flex: 1 1 320px }
  .real a { display: inline; padding: 0; border: 0; background: none; color: var(--indigo); text-decoration: underline }
  .real kbd { font: 14px/1.55 ui-monospace, monospace; color: var(--ink) }
  .qr { flex: none; width: 168px; height: 168px; border-radius: 8px; overflow: hidden; background: #fff }
  .qr svg { display: block; width: 100%; height: 100% }
  code { display: block; margin-top: 16px; color: var(--ink); font: 14px/1.55 ui-monospace, monospace }
`;

export type Landing = Readonly<{
  faces: readonly WebFace[];
  logIns: readonly LogIn[];
  /** Where other devices of the network find this server; undefined when it listens to this computer alone. */
  networkUrl: string | undefined;
}>;

/** The page at `/`: which face do you want? Faces open in their own tab, as on their own device. */
export const landingPage = ({ faces, logIns, networkUrl }: Landing): string => `<!doctype html>
<html lang="zh-CN">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>掌柜 Zhanggui</title><link rel="icon" href="data:,"><style>${style}</style></head>
<body><main>
<header><div class="seal" aria-hidden="true">掌柜</div><div><h1>掌柜 Zhanggui</h1><p>${faces.length > 0 ? '请选择 · Choose a face' : '页面尚未构建 · The faces are not built yet'}</p></div></header>
<nav>${faces.map((face) => door(face, logIns)).join('')}</nav>
${faces.includes('phone') ? realPhone(networkUrl) : ''}
${logIns.length > 0 ? '<p class="sandbox">沙箱：卡、账户与资金都是模拟的。<br><span lang="en">Sandbox: cards, accounts and money are make-believe.</span></p>' : ''}
</main></body>
</html>
`;

/** How the customer's phone gets onto a real one: its address as a code to scan, or how to be reached at all. */
const realPhone = (networkUrl: string | undefined): string => {
  if (networkUrl === undefined)
    return `<section class="real" data-testid="real-phone"><p>要在真手机上打开“顾客手机”：用 <kbd>ZHANGGUI_HTTP_HOST=0.0.0.0 npm start</kbd> 启动，手机连同一网络，再回到本页扫码。<br><span lang="en">To open the phone on a real one: start with ZHANGGUI_HTTP_HOST=0.0.0.0, join the same network, and scan the code that this page then shows.</span></p></section>`;
  const url = escape(`${networkUrl}/phone/`);
  return `<section class="real" data-testid="real-phone"><div class="qr" role="img" aria-label="${url}">${renderSVG(`${networkUrl}/phone/`, { border: 4 })}</div><p>用同一网络里的真手机扫码，打开“顾客手机”。<br><span lang="en">Scan with a real phone of the same network to open the customer’s phone.</span><br><a href="${url}">${url}</a></p></section>`;
};

const door = (face: WebFace, logIns: readonly LogIn[]): string => {
  const { zh, en, hint } = doors[face];
  const own = logIns.filter((logIn) => logIn.face === face);
  const codes = own.map(({ text }) => `<code>${escape(text.zh)}<br>${escape(text.en)}</code>`).join('');
  return `<a href="/${face}/" target="zhanggui-${face}" data-testid="door-${face}"><h2>${zh} · ${en}</h2><p>${hint.zh}</p><p lang="en">${hint.en}</p>${codes}</a>`;
};

const escape = (text: string): string => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
