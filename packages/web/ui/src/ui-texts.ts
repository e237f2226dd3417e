import { defineTexts } from './texts.ts';

/** What the shared parts say by themselves; everything else belongs to a face's own table. */
export const uiTexts = defineTexts({
  'language.other': { zh: 'English', en: '中文' },
  'language.switch': { zh: '切换到英文', en: 'Switch to Chinese' },
  'scheme.light': { zh: '浅色', en: 'Light' },
  'scheme.dark': { zh: '深色', en: 'Dark' },
  'key.back': { zh: '退格', en: 'Delete last digit' },
  'key.clear': { zh: '清空', en: 'Clear' },
  'key.clear.short': { zh: '清空', en: 'Clear' },
  'ask.keep': { zh: '取消', en: 'Cancel' },
  'connection.online': { zh: '在线', en: 'Online' },
  'connection.offline': { zh: '离线，可继续收银', en: 'Offline, selling continues' },
  'connection.connecting': { zh: '正在连接', en: 'Connecting' },
  'connection.online.short': { zh: '在线', en: 'Online' },
  'connection.offline.short': { zh: '离线', en: 'Offline' },
  'connection.connecting.short': { zh: '连接中', en: 'Connecting' },
  'connection.waiting': {
    zh: '待上传 {count} 笔',
    en: '{count, plural, one {# sale to upload} other {# sales to upload}}',
  },
  'faults.title': { zh: '搞点故障', en: 'Break things' },
  'faults.close': { zh: '关闭', en: 'Close' },
  'faults.failed': { zh: '取不到故障列表', en: 'The list of faults cannot be fetched' },
  'faults.none': { zh: '这个环境没有可用的故障', en: 'No faults are offered here' },
  'paper.label': { zh: '小票', en: 'Receipt' },
  'sandbox.stripe': { zh: '沙箱 SANDBOX', en: 'SANDBOX 沙箱' },
});
