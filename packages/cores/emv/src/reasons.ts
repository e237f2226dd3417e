/**
 * Why a chip transaction did not end in a sale, and what the screen says. `stripe` marks a chip that could not be read:
 * when that happens before an application is selected, the stripe may be tried instead.
 */
export const KERNEL_REASONS = {
  'card-mute': { zh: '芯片无应答', en: 'Chip does not answer', stripe: true },
  'card-response-malformed': { zh: '芯片数据格式错', en: 'Chip data cannot be read', stripe: true },
  'no-application': { zh: '无可用应用', en: 'No application in common', stripe: true },
  'too-many-commands': { zh: '芯片通讯异常', en: 'Chip conversation too long', stripe: true },
  'card-blocked': { zh: '卡片已锁定', en: 'Card is blocked', stripe: false },
  'application-blocked': { zh: '卡应用已锁定', en: 'Card application is blocked', stripe: false },
  'card-refused-command': { zh: '芯片拒绝命令', en: 'Chip refused a command', stripe: false },
  'card-data-missing': { zh: '芯片数据缺失', en: 'Chip data missing', stripe: false },
  'card-data-inconsistent': { zh: '芯片数据不一致', en: 'Chip data contradicts itself', stripe: false },
  cancelled: { zh: '交易取消', en: 'Cancelled', stripe: false },
  'terminal-declined': { zh: '终端脱机拒绝', en: 'Declined by terminal', stripe: false },
  'card-declined': { zh: '卡片拒绝', en: 'Declined by card', stripe: false },
  'signature-failed': { zh: '芯片签名验证失败', en: 'Chip signature failed', stripe: false },
  'host-declined': { zh: '主机拒绝', en: 'Declined by host', stripe: false },
  'unable-to-go-online': { zh: '联机失败，脱机拒绝', en: 'Host not reached, declined', stripe: false },
  'card-declined-after-approval': { zh: '主机批准后卡片拒绝', en: 'Card refused after approval', stripe: false },
} as const satisfies Readonly<Record<string, { zh: string; en: string; stripe: boolean }>>;

export type KernelReason = keyof typeof KERNEL_REASONS;
